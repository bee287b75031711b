from django.urls import path

from lianzhang.domains.chains.situations.urls import urlpatterns as situations
from lianzhang.domains.chains.web import chain_views, placement_views, result_views, risk_views, whatif_views

app_name = "chains"
urlpatterns = [
    path("chains/", chain_views.chains, name="chains"),
    path("chains/<slug:code>/", chain_views.chain, name="chain"),
    path("chains/<slug:code>/stuck/", chain_views.stuck, name="stuck"),
    path("chains/<slug:code>/missing/", chain_views.missing, name="missing"),
    path("chains/<slug:code>/matters/", chain_views.matters, name="matters"),
    path("placement/<int:pk>/", placement_views.placement, name="placement"),
    path("placement/<int:pk>/undo/<int:change>/", placement_views.undo, name="placement_undo"),
    path("risk/", risk_views.risk, name="risk"),
    path("risk/compute/", risk_views.compute, name="risk_compute"),
    path("risk/<int:pk>/progress/", risk_views.progress, name="risk_progress"),
    path("what-if/", whatif_views.whatif, name="whatif"),
    path("what-if/new/", whatif_views.create, name="scenario_create"),
    path("what-if/compare/", result_views.compare, name="compare"),
    path("what-if/<int:pk>/", result_views.scenario, name="scenario"),
    path("what-if/<int:pk>/again/", whatif_views.again, name="scenario_again"),
    path("what-if/runs/<int:pk>/progress/", whatif_views.progress, name="scenario_progress"),
    path("what-if/runs/<int:pk>/losses.parquet", result_views.all_losses, name="scenario_losses"),
    *situations,
]
