"""Addresses of situations, joined to those of the chains."""

from datetime import date

from django.urls import path, register_converter

from lianzhang.domains.chains.situations.web import acts, opening, pages, reports


class Day:
    """A day as 2023-04-10."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The day; a day that no calendar has is no address (ValueError)."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """The day as it stands in an address."""
        return value if isinstance(value, str) else value.isoformat()


register_converter(Day, "day")
urlpatterns = [
    path("situations/open/", opening.open_situation, name="situation_open"),
    path("situations/", pages.situations, name="situations"),
    path("situations/reports/", reports.all_reports, name="situation_reports"),
    path("situations/judge/<int:pk>/", acts.judge, name="situation_judge"),
    path("situations/<int:pk>/", pages.overview, name="situation"),
    path("situations/<int:pk>/enterprises/", pages.firms, name="situation_firms"),
    path("situations/<int:pk>/enterprises/add/", acts.add_firm, name="situation_add"),
    path("situations/<int:pk>/history/", pages.happened, name="situation_history"),
    path("situations/<int:pk>/report/", reports.days, name="situation_report_days"),
    path("situations/<int:pk>/report/file/", acts.file_report, name="situation_file"),
    path("situations/<int:pk>/report/<day:day>/", reports.report, name="situation_report"),
    path("situations/<int:pk>/wind-down/", acts.wind_down, name="situation_wind_down"),
    path("situations/<int:pk>/close/", acts.close, name="situation_close"),
]
