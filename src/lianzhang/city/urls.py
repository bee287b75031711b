from django.urls import path

from lianzhang.city.web import agreements, by_message, own, people, rules, sso, steps, subject

app_name = "city"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="person_new"),
    path("people/new/many/", people.new_many, name="people_new"),
    path("people/waiting/", steps.waiting, name="waiting"),
    path("people/agreements/", agreements.waiting, name="agreements"),
    path("people/agreements/<int:pk>/answer/<slug:yes_or_no>/", agreements.answer, name="answer"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/data/", subject.data, name="subject"),
    path("people/<int:pk>/data/export/", subject.export, name="subject_export"),
    path("people/<int:pk>/data/erase/", subject.erase, name="subject_erase"),
    path("people/<int:pk>/change/", steps.change, name="change"),
    path("people/<int:pk>/code/", steps.code, name="code"),
    path("people/<int:pk>/posts/", steps.add_post, name="add_post"),
    path("people/<int:pk>/links/", steps.link, name="link"),
    path("people/<int:pk>/links/<int:identity>/off/", steps.unlink, name="unlink"),
    path("people/<int:pk>/step/<slug:name>/", steps.step, name="step"),
    path("posts/<int:pk>/end/", steps.end_post, name="end_post"),
    path("posts/<int:pk>/answer/<slug:answer>/", steps.decide, name="decide"),
    path("people/<int:pk>/message/", by_message.send, name="send_code"),
    path("accounts/message/", by_message.ask, name="code_by_message"),
    path("accounts/rules/", rules.rules, name="policy"),
    path("accounts/standing-in/", own.standing_in, name="standing_in"),
    path("accounts/standing-in/<int:pk>/end/", own.take_back, name="take_back"),
    path("accounts/agents/", own.agents, name="agents"),
    path("accounts/agents/<int:pk>/end/", own.end_agent, name="end_agent"),
    path("accounts/with/<slug:code>/", sso.begin, name="sso"),
    path("accounts/with/<slug:code>/back/", sso.back, name="sso_back"),
    path("log/", rules.log, name="log"),
    path("log/sign-ins/", rules.sign_ins, name="sign_ins"),
]
