"""Text columns that no person writes freely, and why. tests/attack/test_every_text.py compares this with the models."""

from __future__ import annotations

REASONS = {
    "a word, a number or a digest that the program makes": """
        casework.attachment.kind casework.attachment.sha256 casework.dispute.about casework.matter.area_path
        casework.matter.state casework.matter.waits_for city.agreement.act city.agreement.asked_as casework.reminder.mark casework.reminder.org casework.reminder.roles
        chains.networksnapshot.basis chains.networksnapshot.manifest chains.networksnapshot.period chains.networksnapshot.sha256
        chains.riskrun.engine_version chains.riskrun.parameters chains.riskrun.summary chains.scenario.stops chains.scenarioloss.product_code
        chains.scenariorun.by_chain chains.scenariorun.by_district chains.scenariorun.engine_version chains.scenariorun.losses_sha256
        chains.scenariorun.parameters chains.scenariorun.totals chains.situation.key chains.situation.scope city.area.path
        city.catalogueversion.digest city.membership.administrator city.membership.provider city.membership.scope_kind kernel.event.algorithm
        kernel.event.hash kernel.event.prev kernel.event.subject kernel.event.vault kernel.event.verb kernel.eventvault.salt
        kernel.idempotentanswer.digest kernel.import.digest kernel.import.error kernel.import.rejects_file kernel.import.sha256
        kernel.importmapping.fingerprint kernel.importproblem.code kernel.importproblem.detail kernel.importproblem.letter
        kernel.importproblem.severity kernel.job.arguments kernel.job.function kernel.job.request_id kernel.job.result kernel.job.result_url
        kernel.oldpassword.password kernel.onetimecode.digest kernel.periodic.code kernel.periodic.error kernel.periodic.result
        kernel.pickedfile.reason kernel.refusedrow.content kernel.savedview.path kernel.signin.detail kernel.user.password registry.consent.evidence_kind
        registry.consent.evidence_sha256 registry.duplicatekey.kind registry.duplicatepair.facts registry.duplicatepair.kinds
        registry.enterprise.area_path registry.enterprise.origin registry.establishment.area_path registry.release.digest registry.release.key
        registry.release.made_of registry.release.published registry.release.rules registry.release.withheld registry.yearfacts.origin""",
    "of the catalogue, or chosen from it: files of the installation, checked when they are loaded": """
        casework.matter.kind casework.reminder.clock casework.series.kind chains.chain.code chains.chain.en chains.chain.leader
        chains.chain.notes chains.chain.pillar chains.chain.sector_kind chains.chain.zh chains.divisionsector.division
        chains.divisionsector.sector chains.inputrating.buyer_sector chains.inputrating.supplier_sector chains.segment.code
        chains.segment.en chains.segment.prefixes chains.segment.zh city.area.code city.area.en city.area.zh city.calendarday.name
        city.catalogueversion.city city.catalogueversion.content city.industry.code city.industry.en city.industry.section city.industry.zh
        city.membership.role city.organisation.code city.organisation.en city.organisation.kind city.organisation.zh city.outline.geometry
        city.source.code city.source.contact city.source.deliveries city.source.en city.source.units city.source.use city.source.zh
        city.team.code city.team.en city.team.source city.team.zh indicators.indicator.code indicators.indicator.definition_en
        indicators.indicator.definition_zh indicators.indicator.en indicators.indicator.synonyms indicators.indicator.unit
        indicators.indicator.zh kernel.accountpolicy.values kernel.externalidentity.provider kernel.import.dataset
        kernel.importmapping.dataset kernel.refusedrow.dataset registry.consent.fields registry.firmlist.share_role
        registry.release.measure registry.ruletag.tag""",
    "who delivered it, for which use and period, and whether it is made up: chosen, or of a fixed form": """
        casework.matter.provenance casework.matter.source casework.mattereventrecord.provenance casework.mattereventrecord.source
        casework.mattereventrecord.use casework.matterrecord.provenance casework.matterrecord.source casework.matterrecord.use
        chains.outsidepurchase.period chains.outsidepurchase.provenance chains.outsidepurchase.source chains.outsidepurchase.use
        chains.supplylink.period chains.supplylink.provenance chains.supplylink.source chains.supplylink.use
        indicators.observation.period indicators.observation.provenance indicators.observation.source indicators.observation.use
        kernel.import.period kernel.import.provenance kernel.import.source kernel.import.use kernel.importmapping.source
        kernel.refusedrow.source registry.consent.source registry.establishment.provenance registry.establishment.source
        registry.establishment.use registry.filing.period registry.filing.provenance registry.filing.source registry.filing.use
        registry.grouptie.provenance registry.grouptie.source registry.grouptie.use registry.title.provenance registry.title.source
        registry.title.use""",
    "read by a pattern: what does not fit is refused": """
        chains.outsidepurchase.product_code chains.supplylink.product_code kernel.user.phone
        kernel.user.username registry.enterprise.uscc registry.grouptie.parent_uscc""",
    "figures": "registry.filing.held registry.yearfacts.conflicts registry.yearfacts.other",
    "copies of what stands in columns that are written here": """
        casework.dispute.label casework.dispute.shown casework.dispute.source kernel.refusedrow.successor_sheet registry.grouptie.said
        registry.firmlist.taken_from""",
    "kept to answer a request again, and shown nowhere": "kernel.idempotentanswer.headers kernel.idempotentanswer.key",
    "of events before 0.2.0, which nothing writes any more": "kernel.event.open_behalf kernel.event.open_name",
    "what a failure says: dressed in tests/contract/test_attack_pages.py": "kernel.job.error",
}
NOT_WRITTEN = {column: reason for reason, columns in REASONS.items() for column in columns.split()}
