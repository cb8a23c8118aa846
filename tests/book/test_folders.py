"""Where the book and the decks go: a folder that holds somebody's files is left as it is."""

import pytest

from course.publish.book import put


@pytest.fixture
def theirs(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    return tmp_path


def test_a_folder_with_other_files_is_refused_and_keeps_them(theirs):
    with pytest.raises(ValueError, match="holds other files; name a folder that is new or empty"):
        put.in_place_of(theirs)
    assert (theirs / "thesis.txt").read_text() == "years of work"


def test_a_file_is_refused_and_kept(theirs):
    with pytest.raises(ValueError, match="is a file; name a folder"):
        put.in_place_of(theirs / "thesis.txt")
    assert (theirs / "thesis.txt").read_text() == "years of work"


def test_what_an_earlier_build_put_there_goes(tmp_path):
    made = put.in_place_of(tmp_path / "book")
    (made / "old.html").touch()
    again = put.in_place_of(tmp_path / "book")
    assert [path.name for path in again.iterdir()] == [put.OURS]


def test_an_empty_folder_will_do(tmp_path):
    assert put.in_place_of(tmp_path) == tmp_path
