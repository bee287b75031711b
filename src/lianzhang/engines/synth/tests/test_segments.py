"""The segments of the chains are sound data."""

from lianzhang.engines.synth import Reference


def test_every_prefix_is_a_known_class(guangzhou: Reference) -> None:
    for segment in guangzhou.segments:
        for prefix in segment.prefixes:
            assert any(code.startswith(prefix) for code in guangzhou.classes), (segment.code, prefix)


def test_every_chain_has_its_segments(guangzhou: Reference) -> None:
    assert {segment.chain for segment in guangzhou.segments} == set(guangzhou.chains)
    assert len(guangzhou.chains) == 21
    keys = [(segment.chain, segment.code) for segment in guangzhou.segments]
    assert len(set(keys)) == len(keys)
    for chain, about in guangzhou.chains.items():
        own = [segment for segment in guangzhou.segments if segment.chain == chain]
        assert len(own) >= 6
        assert {"up", "mid", "down"} >= {segment.position for segment in own}
        if about.kind == "manufacturing":
            assert {segment.position for segment in own} == {"up", "mid", "down"}
