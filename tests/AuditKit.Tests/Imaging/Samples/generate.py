#!/usr/bin/python3
"""Writes the sample images beside this file, and expected.csv: what Pillow decodes them to.

Run with Debian 12's python3-pil (Pillow 9.4.0 over libjpeg-turbo 2.1.5, libwebp 1.2.4 and libtiff 4.5.0),
python3-numpy and libturbojpeg0.
expected.csv: file, width, height, channels, SHA-256 of the interleaved 8-bit samples.
encoded.csv: channels, quality, SHA-256 of the JPEG file that Pillow writes for pattern(33, 29, channels).
"""
import ctypes
import hashlib
import io
import os
import struct
import zlib

import numpy
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))


def pattern(width, height, channels):
    """Smooth ramps with a texture on top; the C# tests compute the same."""
    y, x, c = numpy.mgrid[0:height, 0:width, 0:channels]
    return ((x * 7 + y * 3 + c * 50 + (x * y % 17) * 5) % 256).astype(numpy.uint8)


def picture(width, height, mode):
    samples = pattern(width, height, {"L": 1, "RGB": 3, "CMYK": 4}[mode])
    return Image.fromarray(samples[:, :, 0] if mode == "L" else samples, mode)


def save(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def jpeg(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def ycck(width, height):
    """TurboJPEG writes CMYK samples as YCCK with an Adobe marker."""
    turbo = ctypes.CDLL("libturbojpeg.so.0")
    turbo.tjInitCompress.restype = ctypes.c_void_p
    samples = pattern(width, height, 4).tobytes()
    buffer, size = ctypes.c_void_p(), ctypes.c_ulong()
    status = turbo.tjCompress2(
        ctypes.c_void_p(turbo.tjInitCompress()), samples, width, 0, height, 11,
        ctypes.byref(buffer), ctypes.byref(size), 2, 90, 4096)
    assert status == 0
    return ctypes.string_at(buffer, size.value)


def unnamed_sampling(cmyk):
    """The four blocks a unit of a CMYK file declared as one of Y, two of Cb and one of Cr: a chroma sampling that
    TurboJPEG has no name for. All four share a Huffman table, so the stream stays valid."""
    frame, scan = cmyk.index(b"\xff\xc0"), cmyk.index(b"\xff\xda")
    tables = cmyk[cmyk.index(b"\xff\xdb"):frame]
    head = struct.pack(">HHBHHB", 0xFFC0, 17, 8, 24, 80, 3) + bytes([1, 0x11, 0, 2, 0x21, 0, 3, 0x11, 0])
    start = struct.pack(">HHB", 0xFFDA, 12, 3) + bytes([1, 0, 2, 0, 3, 0, 0, 63, 0])
    return cmyk[:2] + tables + head + cmyk[frame + 22:scan] + start + cmyk[scan + 16:]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, depth, colour, extra=b"", interlaced=False):
    """samples: H×W×C numbers of `depth` bits; colour: PNG's colour type."""
    height, width, channels = samples.shape

    def rows(part):
        lines = b""
        for row in part:
            if depth == 16:
                lines += b"\0" + row.astype(">u2").tobytes()
            elif depth == 8:
                lines += b"\0" + row.astype(numpy.uint8).tobytes()
            else:
                bits = "".join(format(v, f"0{depth}b") for v in row.ravel())
                bits += "0" * (-len(bits) % 8)
                lines += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
        return lines

    if interlaced:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
        data = b"".join(rows(samples[y::dy, x::dx]) for y, x, dy, dx in passes if samples[y::dy, x::dx].size)
    else:
        data = rows(samples)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def orientation(value):
    """A TIFF block with one entry."""
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, value, 0, 0)


def write_jpegs():
    rgb, grey = picture(37, 23, "RGB"), picture(37, 23, "L")
    save("rgb-420.jpg", jpeg(rgb, quality=75))
    save("rgb-422.jpg", jpeg(rgb, quality=60, subsampling=1))
    save("rgb-444.jpg", jpeg(rgb, quality=95, subsampling=0))
    save("rgb-progressive.jpg", jpeg(rgb, quality=80, progressive=True))
    save("grey.jpg", jpeg(grey, quality=75))
    save("cmyk.jpg", jpeg(picture(37, 23, "CMYK"), quality=90))
    save("ycck.jpg", ycck(37, 23))
    stray = jpeg(rgb, quality=50)
    save("stray-bytes.jpg", stray[:-2] + b"\0\0\0\0" + stray[-2:])
    save("rgb-unnamed-sampling.jpg", unnamed_sampling(jpeg(picture(40, 24, "CMYK"), quality=90)))
    for value in range(1, 9):
        save(f"orientation-{value}.jpg", jpeg(picture(17, 9, "RGB"), quality=70, exif=b"Exif\0\0" + orientation(value)))


def write_pngs():
    gamma = chunk(b"gAMA", struct.pack(">I", 100000))
    save("rgb.png", png(pattern(19, 11, 3), 8, 2))
    save("grey.png", png(pattern(19, 11, 1), 8, 0))
    save("rgb-alpha.png", png(pattern(19, 11, 4), 8, 6))
    save("grey-alpha.png", png(pattern(19, 11, 2), 8, 4))
    save("rgb-linear-gamma.png", png(pattern(19, 11, 3), 8, 2, gamma))
    save("rgb-alpha-linear-gamma.png", png(pattern(19, 11, 4), 8, 6, gamma))
    save("grey-1-bit.png", png(pattern(19, 11, 1) % 2, 1, 0))
    save("grey-2-bit.png", png(pattern(19, 11, 1) % 4, 2, 0))
    save("grey-4-bit.png", png(pattern(19, 11, 1) % 16, 4, 0))
    palette = chunk(b"PLTE", pattern(1, 16, 3).tobytes())
    save("palette-4-bit.png", png(pattern(19, 11, 1) % 16, 4, 3, palette))
    transparent = chunk(b"tRNS", bytes(range(0, 160, 10)))
    save("palette-transparent.png", png(pattern(19, 11, 1) % 16, 8, 3, palette + transparent))
    save("rgb-transparent-colour.png", png(pattern(19, 11, 3), 8, 2, chunk(b"tRNS", struct.pack(">HHH", 0, 50, 100))))
    save("rgb-interlaced.png", png(pattern(19, 11, 3), 8, 2, interlaced=True))
    save("orientation-6.png", png(pattern(19, 11, 3), 8, 2, chunk(b"eXIf", orientation(6))))
    wide = pattern(19, 11, 4).astype(int) * 256 + pattern(19, 11, 4)[::-1]
    save("grey-16-bit.png", png(wide[:, :, :1], 16, 0))
    save("rgb-16-bit.png", png(wide[:, :, :3], 16, 2))
    save("rgb-alpha-16-bit.png", png(wide, 16, 6))
    return wide


def write_others():
    """WebP, TIFF, BMP, GIF, TGA and Netpbm files, with what is easily got wrong: alpha, several frames, orientation."""
    rgb, grey = picture(37, 29, "RGB"), picture(37, 29, "L")
    with_alpha = rgb.copy()
    with_alpha.putalpha(grey)
    palette = rgb.quantize(16)
    exif = Image.Exif()
    exif[0x0112] = 6

    def write(name, image, **options):
        image.save(os.path.join(HERE, name), **options)

    write("lossless.webp", rgb, lossless=True)
    write("lossless-alpha.webp", with_alpha, lossless=True, exact=True)
    write("lossy.webp", rgb, quality=80)
    write("lossy-alpha.webp", with_alpha, quality=80)
    write("orientation-6.webp", rgb, lossless=True, exif=exif)
    write("animated.webp", rgb, save_all=True, append_images=[rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)], lossless=True)
    for compression in "raw", "tiff_lzw", "tiff_adobe_deflate", "packbits":
        write(f"rgb-{compression.replace('tiff_', '').replace('_', '-')}.tif", rgb, compression=compression)
    write("grey-lzw.tif", grey, compression="tiff_lzw")
    write("rgb-alpha.tif", with_alpha, compression="raw")
    write("palette.tif", palette, compression="raw")
    write("two-pages.tif", rgb, save_all=True, append_images=[grey])
    write("orientation-6.tif", rgb, compression="raw", tiffinfo={274: 6})
    write("rgb.bmp", rgb)
    write("palette.bmp", palette)
    write("grey-1-bit.bmp", grey.convert("1"))
    write("rgb-alpha.bmp", with_alpha)
    write("palette.gif", palette)
    write("palette-interlaced.gif", palette, interlace=1)
    write("palette-transparent.gif", palette, transparency=3)
    write("animated.gif", palette, save_all=True, append_images=[palette.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    write("rgb.tga", rgb)
    write("rgb-run-length.tga", rgb, compression="tga_rle")
    write("rgb-alpha.tga", with_alpha)
    write("grey-run-length.tga", grey, compression="tga_rle")
    write("palette.tga", palette)
    write("rgb.ppm", rgb)
    write("grey.pgm", grey)
    write("grey-1-bit.pbm", grey.convert("1"))


def write_expected(wide):
    lines = []
    for name in sorted(os.listdir(HERE)):
        if name.endswith((".csv", ".py")):
            continue
        if "16-bit" in name:
            # Pillow has no rounding to 8 bits: the PNG specification's, §13.12, here in exact integers.
            samples = (wide[:, :, :1 if "grey" in name else 3] * 510 + 65535) // 131070
            image = Image.fromarray(numpy.squeeze(samples).astype(numpy.uint8))
        else:
            image = Image.open(os.path.join(HERE, name))
            # Pillow turns a TIFF by itself, and would turn it twice.
            image = image if name.endswith(".tif") else ImageOps.exif_transpose(image)
            # BMP and GIF have palettes and no grey of their own.
            is_grey = image.mode in ("1", "L", "LA") and not name.endswith((".bmp", ".gif"))
            image = image.convert("L" if is_grey else "RGB")
        digest = hashlib.sha256(image.tobytes()).hexdigest()
        lines.append(f"{name},{image.width},{image.height},{len(image.getbands())},{digest}\n")
    save("expected.csv", "".join(lines).encode())


def write_encoded():
    lines = []
    for channels, mode in (1, "L"), (3, "RGB"):
        for quality in (1, 10, 20, 30, 40, 50, 60, 70, 75, 80, 90, 95, 100):
            data = jpeg(picture(33, 29, mode), quality=quality)
            lines.append(f"{channels},{quality},{hashlib.sha256(data).hexdigest()}\n")
    save("encoded.csv", "".join(lines).encode())


write_jpegs()
write_others()
write_expected(write_pngs())
write_encoded()
