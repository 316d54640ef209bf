import numpy as np
import pytest
from picture_files import draw, png
from PIL import Image, ImageOps

from vae_utils.decoding import pictures

WHITE = (255, 255, 255)


@pytest.fixture
def decode(tmp_path, monkeypatch):
    """Decodes an image after saving it; returns pixels and facts."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    formats = pictures.prepare()

    def decode(image, name="x.png", save=None, **options):
        path = tmp_path / name
        if isinstance(image, bytes):
            path.write_bytes(image)
        else:
            image.save(path, **(save or {}))
        options = {
            "size": 16,
            "colour": "rgb",
            "fit": "crop",
            "background": WHITE,
            "max_pixels": 10**6,
        } | options
        return pictures.decode(str(path), formats, **options)

    return decode


def test_keeps_a_picture_of_the_right_size_as_it_is(decode):
    image = draw(0, 16, 16)
    pixels, facts = decode(image)
    np.testing.assert_array_equal(pixels, image)
    assert facts == {
        "width": 16,
        "height": 16,
        "mode": "RGB",
        "animated": False,
        "grey": False,
    }


@pytest.mark.parametrize("width, height", [(48, 16), (16, 48), (17, 16)])
def test_crops_the_middle(decode, width, height):
    image = draw(1, width, height)
    pixels, _ = decode(image)
    left, top = (width - 16) / 2, (height - 16) / 2
    box = left, top, left + 16, top + 16
    expected = image.resize((16, 16), Image.Resampling.BICUBIC, box=box)
    np.testing.assert_array_equal(pixels, expected)


def test_pads_with_the_background(decode):
    pixels, _ = decode(draw(2, 40, 20), fit="pad", background=(10, 20, 30))
    assert (pixels[:4] == (10, 20, 30)).all() and (pixels[12:] == (10, 20, 30)).all()
    expected = draw(2, 40, 20).resize((16, 8), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(pixels[4:12], expected)


def test_extreme_shapes_become_squares(decode):
    for fit in ("crop", "pad"):
        for width, height in ((1, 1), (1, 300), (5000, 2)):
            pixels, _ = decode(draw(0, width, height), fit=fit)
            assert pixels.shape == (16, 16, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_pictures_upright(decode, orientation):
    image = draw(3, 32, 24)
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels, _ = decode(image, save={"exif": exif}, fit="pad")
    image.getexif()[0x0112] = orientation
    upright, _ = decode(ImageOps.exif_transpose(image), fit="pad")
    assert np.abs(pixels.astype(int) - upright).max() <= 1
    if orientation == 6:
        turned, _ = decode(image.transpose(Image.Transpose.ROTATE_270), fit="pad")
        np.testing.assert_array_equal(pixels, turned)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_lays_what_is_transparent_over_the_background(decode, mode):
    image = Image.new("RGBA", (16, 16), (100, 100, 100, 128))
    image.paste((200, 200, 200, 0), (0, 0, 8, 16))
    pixels, _ = decode(image.convert(mode), background=(200, 0, 0))
    assert (pixels[:, :8] == (200, 0, 0)).all()
    mixed = [(100 * 128 + b * 127) / 255 for b in (200, 0, 0)]
    assert np.abs(pixels[:, 8:] - np.array(mixed)).max() <= 1


@pytest.mark.parametrize("name", ["x.png", "x.gif"])
def test_a_colour_of_a_palette_may_be_transparent(decode, name):
    image = Image.new("P", (16, 16), 1)
    image.putpalette([1, 2, 3, 70, 80, 90])
    image.paste(0, (0, 0, 8, 16))
    pixels, facts = decode(image, name, {"transparency": 0}, background=(200, 0, 0))
    assert (pixels[:, :8] == (200, 0, 0)).all()
    assert (pixels[:, 8:] == (70, 80, 90)).all()
    assert facts["mode"] == "P"


def test_transparent_pixels_leave_no_fringes(decode):
    image = Image.new("RGBA", (64, 64), (0, 255, 0, 0))  # invisible green
    image.paste((255, 0, 0, 255), (0, 0, 31, 64))
    pixels, _ = decode(image)
    assert pixels[..., 2].tolist() == pixels[..., 1].tolist()  # between red and white


@pytest.mark.parametrize(
    ("mode", "dtype", "name"),
    [
        ("I;16", np.uint16, "x.png"),
        ("I", np.int32, "x.tif"),
        ("F", np.float32, "x.tif"),
    ],
)
def test_scales_values_of_more_than_eight_bits(decode, mode, dtype, name):
    eight = np.arange(256).reshape(16, 16)
    wide = (eight / 255).astype(dtype) if mode == "F" else (eight * 257).astype(dtype)
    pixels, facts = decode(Image.fromarray(wide), name, colour="grey")
    np.testing.assert_array_equal(pixels, eight)
    assert facts["mode"] == mode and facts["grey"]


@pytest.mark.parametrize("values", [-1, 70_000, 2.0, np.nan])
def test_refuses_values_whose_white_is_not_known(decode, values):
    dtype = np.float32 if isinstance(values, float) else np.int32
    image = Image.fromarray(np.full((16, 16), values, dtype))
    with pytest.raises(pictures.Undecodable, match="its .* numbers are not 0 … "):
        decode(image, "x.tif")


def test_reads_cmyk_bits_and_the_first_frame(decode):
    cmyk, facts = decode(draw(4, 16, 16).convert("CMYK"), "x.jpg", {"quality": 100})
    assert np.abs(cmyk.astype(int) - np.asarray(draw(4, 16, 16))).max() < 25
    assert facts["mode"] == "CMYK"
    bits = np.arange(256).reshape(16, 16) % 3 == 0
    pixels, _ = decode(Image.fromarray(bits), colour="grey")
    np.testing.assert_array_equal(pixels, np.where(bits, 255, 0))
    frames = [Image.new("RGB", (16, 16), c) for c in ("red", "blue", "lime")]
    options = {"save_all": True, "append_images": frames[1:]}
    pixels, facts = decode(frames[0], "x.gif", options)
    assert (pixels == (255, 0, 0)).all() and facts["animated"]


def test_grey_weighs_colours_as_pillow_does(decode):
    image = draw(5, 16, 16)
    pixels, _ = decode(image, colour="grey")
    np.testing.assert_array_equal(pixels, image.convert("L"))
    np.testing.assert_array_equal(pictures.to_grey(np.asarray(image)), pixels)


def test_a_grey_picture_may_be_stored_in_colour(decode):
    grey = draw(6, 16, 16).convert("L").convert("RGB")
    assert decode(grey)[1]["grey"]
    assert decode(grey, "x.jpg")[1]["grey"]
    grey.putpixel((3, 3), (100, 110, 100))
    assert not decode(grey)[1]["grey"]


def test_a_large_jpeg_is_read_at_a_fraction(decode):
    image = draw(7, 1000, 700)
    pixels, facts = decode(image, "x.jpg", {"quality": 95})
    exact, _ = decode(image)
    assert np.abs(pixels.astype(int) - exact).mean() < 2
    assert (facts["width"], facts["height"]) == (1000, 700)


@pytest.mark.parametrize(
    ("contents", "name", "words"),
    [
        (b"junk", "x.png", "not a picture that Pillow reads"),
        (b"junk", "x.heic", "convert it to PNG or JPEG"),
        (
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
            "x.png",
            "not a picture",
        ),
        (png(60_000, 60_000), "x.png", "60,000 × 60,000 pixels, above max_pixels=10"),
        (png(30, 30, b""), "x.png", "cut short|Error"),
    ],
)
def test_says_why_a_file_is_no_picture(decode, contents, name, words):
    with pytest.raises(pictures.Undecodable, match=words) as caught:
        decode(contents, name)
    assert len(str(caught.value)) <= pictures.REASON


def test_refuses_a_file_that_is_cut_short(decode, tmp_path):
    draw(8, 100, 100).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    with pytest.raises(pictures.Undecodable, match="^the file is cut short$"):
        decode(whole[: len(whole) // 2])


def test_a_file_that_is_gone_is_named_by_the_system(decode, tmp_path):
    with pytest.raises(pictures.Undecodable, match="^No such file or directory$"):
        pictures.decode(
            str(tmp_path / "no.png"),
            ["PNG"],
            size=16,
            colour="rgb",
            fit="crop",
            background=WHITE,
            max_pixels=100,
        )


def test_too_little_memory_is_a_reason(decode, monkeypatch):
    def fail(*args):
        raise MemoryError

    monkeypatch.setattr(pictures, "_fit", fail)
    with pytest.raises(pictures.Undecodable, match="too large for the memory"):
        decode(draw(0))
