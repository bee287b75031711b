from django.urls import path

from lianzhang.casework.web import acts, bulk, desk, dispute, files, matter

app_name = "casework"
urlpatterns = [
    path("matters/", desk.desk, name="desk"),
    path("matters/bulk/", bulk.bulk, name="bulk"),
    path("matters/dispute/<int:enterprise_id>/", dispute.raise_dispute, name="dispute"),
    path("matters/<int:pk>/", matter.matter, name="matter"),
    path("matters/<int:pk>/moves/<slug:move>/", matter.make_move, name="move"),
    path("matters/<int:pk>/note/", acts.note, name="note"),
    path("matters/<int:pk>/hand-over/", acts.hand_over, name="hand_over"),
    path("matters/<int:pk>/opinions/ask/", acts.ask_opinion, name="ask_opinion"),
    path("matters/<int:pk>/opinions/give/", acts.give_opinion, name="give_opinion"),
    path("matters/<int:pk>/clocks/<slug:clock>/extend/", acts.extend, name="extend"),
    path("matters/<int:pk>/files/", files.add, name="add_file"),
    path("matters/<int:pk>/files/<int:file_id>/", files.give, name="file"),
]
