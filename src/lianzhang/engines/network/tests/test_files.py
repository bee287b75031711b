"""Reading the files of a network: what is accepted, what is refused and where the message points."""

import numpy as np
import pytest

from lianzhang.engines.network.files_network import NetworkFiles, read_network

FIRMS = "id,sector,revenue\nA,S,100\nB,S,50\nC,V,300\n"
LINKS = "supplier,buyer,value\nA,C,60\nB,C,20\n"


def read(firms=FIRMS, links=LINKS, outside=None, essential=None):
    def file(name, text):
        data = text if isinstance(text, bytes) or text is None else text.encode()
        return None if data is None else (name, data)

    optional = file("outside.csv", outside), file("essential.csv", essential)
    return read_network(file("firms.csv", firms), file("links.csv", links), *optional)


def faults(**files):
    answer = read(**files)
    assert isinstance(answer, list), "the files were accepted"
    return [str(mistake) for mistake in answer]


@pytest.mark.parametrize(
    "firms",
    [
        "\ufeff" + FIRMS,
        FIRMS.replace("\n", "\r\n"),
        FIRMS.replace("\n", "\r"),
        "\n\n" + FIRMS.replace("\n", "\n\n"),
        FIRMS + ",,\n , ,\n",
        'note,revenue,"id",sector,daily\n"a, b",100,A,S,x\n,50,"B",S,\n"two\nlines",300,C, V ,1\n',
        FIRMS.replace("100", "1.0E2").replace("300", " +300.0 "),
    ],
)
def test_forms_of_the_same_file(firms):
    answer = read(firms=firms)
    assert isinstance(answer, NetworkFiles), answer
    assert answer.ids == ["A", "B", "C"]
    assert answer.sectors == ["S", "V"]
    assert answer.net.revenue == pytest.approx([100, 50, 300])
    assert not answer.warnings


def test_ids_and_sectors_are_text():
    answer = read("id,sector,revenue\n007,01,10\n7,1,10\n", "buyer,supplier,value\n7,007,5\n")
    assert answer.ids == ["007", "7"]
    assert answer.sectors == ["01", "1"]
    assert (answer.net.supplier[0], answer.net.customer[0]) == (0, 1)


def test_unknown_sector_is_a_sector_of_its_own():
    answer = read(
        "id,sector,revenue\nA,,10\nB,9999,10\nC,V,50\n",
        essential="supplier_sector,buyer_sector,class\n9999,V,2\n",
    )
    assert answer.net.audit.unknown_product == 2
    assert list(answer.net.product) == [1, 1, 0]
    assert list(answer.net.link_class) == [1, 1]
    assert [str(note) for note in answer.warnings if "essential" in note.file] == [
        "essential.csv:2: pair 9999,V is taken as class 1, as every pair of the unknown sector"
    ]


def test_unknown_revenue_is_not_zero():
    answer = read(firms=FIRMS.replace("A,S,100", "A,S,"))
    assert answer.net.revenue[0] == 60
    assert (
        str(answer.warnings[0]) == "firms.csv:2: revenue of A is unknown, its sales in the links are used: 60"
    )


def test_revenue_below_sales_is_warned_of_with_the_id():
    answer = read(firms=FIRMS.replace("B,S,50", "B,S,5"))
    assert answer.net.revenue[1] == 20
    assert (
        str(answer.warnings[0]) == "firms.csv:3: revenue 5 of B is below its sales in the links, 20 is used"
    )


def test_essential_classes_and_outside_purchases_meet_in_the_coefficients():
    """Product S is essential to V; ten bought outside join the eighty bought inside; unused pairs are ignored."""
    classes = "class,supplier_sector,buyer_sector\n2,S,V\n0,X,Y\n2,S,V\n,V,S\n"
    answer = read(outside="id,product,purchases\nC,S,6\nC,S,4\nC,ore,30\n", essential=classes)
    assert answer.net.down_coef == pytest.approx([60 / 90, 20 / 90])
    assert answer.net.inputs[2] == pytest.approx(120)


def test_zero_links_repeated_links_and_self_links():
    answer = read(links=LINKS + "A,C,0\nA,C,5\nC,C,9\n")
    assert answer.net.value == pytest.approx([65, 20])
    assert (answer.net.audit.self_links, answer.net.audit.merged_links) == (1, 2)


def test_links_may_be_absent():
    assert read(links="supplier,buyer,value\n").net.n_links == 0


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"links": LINKS + "X,C,1\n"}, "links.csv:4: supplier 'X' is unknown, expected an id of firms.csv"),
        ({"links": LINKS + "A,,1\n"}, "links.csv:4: buyer '' is unknown, expected an id of firms.csv"),
        ({"links": LINKS + "A,B,-1\n"}, "links.csv:4: -1 is negative, expected a number >= 0"),
        ({"links": LINKS + "A,B,nan\n"}, "links.csv:4: 'nan' is not a finite number, expected a number >= 0"),
        ({"links": LINKS + "A,B,inf\n"}, "links.csv:4: 'inf' is not a finite number, expected a number >= 0"),
        ({"links": LINKS + "A,B,1e999\n"}, "links.csv:4: '1e999' is not a finite number, expected a number >= 0"),
        ({"links": LINKS + "A,B,\n"}, "links.csv:4: the cell is empty, expected a number >= 0"),
        ({"links": LINKS + 'A,B,"1,000"\n'}, "links.csv:4: '1,000' is not a number, expected a number >= 0"),
        ({"links": LINKS + "A,B,1_000\n"}, "links.csv:4: '1_000' is not a number, expected a number >= 0"),
        ({"links": LINKS + "A,B,5元\n"}, "links.csv:4: '5元' is not a number, expected a number >= 0"),
        ({"links": LINKS + "A,B,1,000\n"}, "links.csv:4: the row has 4 cells, expected 3 as in the header"),
        ({"links": LINKS + "A,B\n"}, "links.csv:4: the row has 2 cells, expected 3 as in the header"),
        ({"links": LINKS + '"A,B,1\n'}, "links.csv:4: the row cannot be read (unexpected end of data), "
                                        "expected comma-separated cells"),
        ({"links": "supplier,value\nA,1\n"}, "links.csv:1: column buyer is missing, expected the header supplier,buyer,value"),
        ({"links": "supplier,buyer,buyer,value\n"}, "links.csv:1: column buyer stands twice, "
                                                    "expected the header supplier,buyer,value"),
        ({"links": ""}, "links.csv:1: the file is empty, expected the header supplier,buyer,value"),
        ({"firms": FIRMS + "A,V,1\n"}, "firms.csv:5: id 'A' stands already on line 2, expected each id once"),
        ({"firms": FIRMS + ",V,1\n"}, "firms.csv:5: the id is empty, expected the id of a firm"),
        ({"firms": FIRMS.replace("300", "-300")}, "firms.csv:4: -300 is negative, expected a number >= 0"),
        ({"firms": "id,sector,revenue\n", "links": "supplier,buyer,value\n"},
         "firms.csv:2: there are no firms, expected at least one row"),
        ({"firms": "id,sector,revenue\nA,S,1\n钢,S,2\n".encode("gbk"), "links": "supplier,buyer,value\n"},
         "firms.csv:3: byte 0xb8 is not UTF-8, expected a UTF-8 file"),
        ({"outside": "id,product,purchases\nZ,S,1\n"}, "outside.csv:2: id 'Z' is unknown, expected an id of firms.csv"),
        ({"essential": "supplier_sector,buyer_sector,class\nS,V,3\n"},
         "essential.csv:2: class '3' is wrong, expected 0, 1 or 2"),
        ({"essential": "supplier_sector,buyer_sector,class\nS,V,2\nS,V,0\n"},
         "essential.csv:3: pair S,V has class 2 above, expected one class"),
    ],
)  # fmt: skip
def test_mistakes_name_file_line_and_expectation(files, message):
    assert message in faults(**files)


def test_all_mistakes_are_listed_at_once():
    found = faults(links=LINKS + "X,C,-1\nA,Y,2\n", outside="id,product\n")
    assert [text.split(": ")[0] for text in found] == [
        "links.csv:4",
        "links.csv:5",
        "links.csv:4",
        "outside.csv:1",
    ]


def test_lines_are_counted_where_a_row_begins():
    links = 'supplier,buyer,value,note\nA,C,1,"two\nlines"\n\nX,C,1,\n'
    assert faults(links=links) == ["links.csv:5: supplier 'X' is unknown, expected an id of firms.csv"]


def test_columns_stay_aligned_when_a_row_is_faulty():
    answer = read(links=LINKS.replace("A,C,60", "A,C,60,"))
    assert isinstance(answer, NetworkFiles)
    assert np.array_equal(answer.net.value, [60, 20])
