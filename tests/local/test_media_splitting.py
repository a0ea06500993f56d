"""Kinds of files, order of frames, selection by start, stop and step, split into jobs."""

from __future__ import annotations

import pytest

from cvat_local.media import segments
from cvat_local.media.errors import MediaError
from cvat_local.media.kinds import MediaKind, classify, image_type, kind_of
from cvat_local.media.ordering import frame_step, order, order_mismatch, select_frames
from cvat_local.media.related import related_images


def ranges(segmentation: segments.Segmentation) -> list[tuple[int, int]]:
    return [(segment.start, segment.stop) for segment in segmentation.segments]


class TestSegments:
    def test_overlapping_jobs(self) -> None:
        found = segments.split(8, 4, 2)
        assert ranges(found) == [(0, 3), (2, 5), (4, 7)]
        assert (found.segment_size, found.overlap) == (4, 2)

    def test_overlap_is_at_most_half_a_segment(self) -> None:
        found = segments.split(6, 3, 10)
        assert ranges(found) == [(0, 2), (2, 4), (4, 5)]
        assert found.overlap == 1

    def test_videos_overlap_by_default(self) -> None:
        found = segments.split(50, 20, video=True)
        assert ranges(found) == [(0, 19), (15, 34), (30, 49)]
        assert found.overlap == 5

    def test_one_job_of_a_video_still_reports_an_overlap(self) -> None:
        assert segments.split(50, video=True).overlap == 5
        found = segments.split(6, video=True)
        assert (ranges(found), found.segment_size, found.overlap) == ([(0, 5)], 6, 3)

    @pytest.mark.parametrize("segment_size", [0, 3, 100])
    def test_all_frames_in_one_job(self, segment_size: int) -> None:
        found = segments.split(3, segment_size)
        assert (ranges(found), found.segment_size, found.overlap) == ([(0, 2)], 3, 0)

    def test_an_overlap_of_zero_is_not_the_default(self) -> None:
        assert ranges(segments.split(10, 5, 0, video=True)) == [(0, 4), (5, 9)]

    def test_last_job_is_shorter(self) -> None:
        assert ranges(segments.split(7, 3)) == [(0, 2), (3, 5), (6, 6)]

    def test_a_job_for_each_frame(self) -> None:
        assert ranges(segments.split(3, 1, 5)) == [(0, 0), (1, 1), (2, 2)]

    @pytest.mark.parametrize("size", [1, 2, 7, 20])
    @pytest.mark.parametrize("segment_size", [0, 1, 2, 5, 30])
    @pytest.mark.parametrize("overlap", [None, 0, 1, 4])
    def test_every_frame_has_a_job(self, size: int, segment_size: int, overlap: int | None) -> None:
        found = segments.split(size, segment_size, overlap)
        covered = {n for start, stop in ranges(found) for n in range(start, stop + 1)}
        assert covered == set(range(size))
        assert len(set(ranges(found))) == len(found.segments)

    def test_too_many_jobs(self) -> None:
        assert len(segments.split(5000, 1).segments) == 5000
        with pytest.raises(MediaError, match="5001 jobs"):
            segments.split(5001, 1)

    def test_jobs_by_files(self) -> None:
        found = segments.split_by_files([["c", "a"], ["b"]])
        assert ranges(found) == [(0, 1), (2, 2)]
        assert (found.segment_size, found.overlap) == (0, 0)

    def test_a_job_without_files(self) -> None:
        with pytest.raises(MediaError, match="without files"):
            segments.split_by_files([["a"], []])

    def test_repeated_file(self) -> None:
        assert segments.repeated_file([["a", "b"], ["a"]]) == "a"
        assert segments.repeated_file([["a", "b"], ["c"]]) is None


class TestOrder:
    names = ("10.jpg", "2.jpg", "b/1.jpg", "1.jpg")

    def test_lexicographical(self) -> None:
        assert order(self.names, "lexicographical") == ["1.jpg", "10.jpg", "2.jpg", "b/1.jpg"]

    def test_natural(self) -> None:
        assert order(self.names, "natural") == ["1.jpg", "2.jpg", "10.jpg", "b/1.jpg"]

    def test_natural_compares_names_with_and_without_digits(self) -> None:
        assert order(["b", "9", "a2", "a10"], "natural") == ["9", "a2", "a10", "b"]

    def test_predefined_keeps_the_order(self) -> None:
        assert order(self.names, "predefined") == list(self.names)

    def test_random_loses_nothing(self) -> None:
        names = [str(n) for n in range(50)]
        shuffled = order(names, "random")
        assert sorted(shuffled) == sorted(names)
        assert shuffled != names

    def test_mismatch_names_the_files(self) -> None:
        assert order_mismatch(["b", "a"], ["a", "b"]) is None
        text = order_mismatch(["a", "a", "zz"], [*"abcdefgh"])
        assert text is not None
        assert "more than once: a" in text
        assert "not listed: b, c, d, e, f, ..." in text
        assert "not uploaded: zz" in text


class TestSelection:
    def test_start_stop_step(self) -> None:
        assert list(select_frames(10, 1, 8, 3)) == [1, 4, 7]

    def test_stop_beyond_the_end_is_clipped(self) -> None:
        assert list(select_frames(4, 0, 100)) == [0, 1, 2, 3]

    def test_start_beyond_the_end(self) -> None:
        with pytest.raises(MediaError, match="start_frame is 100"):
            select_frames(4, 100)

    @pytest.mark.parametrize(("text", "step"), [("", 1), ("step=3", 3), ("step = 12", 12)])
    def test_step(self, text: str, step: int) -> None:
        assert frame_step(text) == step

    @pytest.mark.parametrize("text", ["abc", "step=0", "step=", "step=-1", "step=9999999999999"])
    def test_wrong_filter(self, text: str) -> None:
        with pytest.raises(MediaError, match="step=N"):
            frame_step(text)


class TestKinds:
    def test_suffix_decides_in_any_case(self) -> None:
        assert kind_of("folder/A.JPEG") is MediaKind.IMAGE
        assert kind_of("v.MP4") is MediaKind.VIDEO
        assert kind_of("notes.txt") is None
        assert image_type("a.TIF") == "image/tiff"

    def test_images_among_other_files(self) -> None:
        found = classify(["a.txt", "a.jpg", "b/c.png", "__MACOSX/a.jpg", "b/._c.png"])
        assert (found.kind, found.names) == (MediaKind.IMAGE, ("a.jpg", "b/c.png"))

    def test_context_images_are_no_frames(self) -> None:
        names = ["a.jpg", "b.jpg", "related_images/a_jpg/2.png", "related_images/a_jpg/1.png"]
        assert classify(names).names == ("a.jpg", "b.jpg")
        assert related_images(names, ["a.jpg", "b.jpg"]) == {
            "a.jpg": ["related_images/a_jpg/1.png", "related_images/a_jpg/2.png"]
        }

    def test_context_images_stand_beside_their_frame(self) -> None:
        names = ["x/a.b.jpg", "x/related_images/a_b_jpg/c.jpg", "related_images/a_b_jpg/d.jpg"]
        assert related_images(names, ["x/a.b.jpg"]) == {
            "x/a.b.jpg": ["x/related_images/a_b_jpg/c.jpg"]
        }

    @pytest.mark.parametrize("names", [[], ["a.txt"], ["related_images/a_jpg/c.jpg"]])
    def test_nothing_usable(self, names: list[str]) -> None:
        with pytest.raises(MediaError, match="No media"):
            classify(names)

    @pytest.mark.parametrize(
        ("names", "counts"),
        [
            (["a.pdf", "b.pdf"], "2 pdf"),
            (["a.zip", "b.jpg"], "1 image, 1 zip"),
            (["v.mp4", "b.jpg", "c.jpg"], "2 image, 1 video"),
            (["v.mp4", "w.mp4"], "2 video"),
        ],
    )
    def test_kinds_that_exclude_each_other(self, names: list[str], counts: str) -> None:
        with pytest.raises(MediaError, match=counts):
            classify(names)
