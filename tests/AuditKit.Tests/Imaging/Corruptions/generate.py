"""Writes pixels.csv and moments.csv: what the published code makes of two synthetic images.

    python3 generate.py ROBUSTNESS

ROBUSTNESS is a checkout of github.com/hendrycks/robustness (8190fe3), whose functions are run as they are, 32 pixels by
ImageNet-C/create_c/make_cifar_c.py and 224 by ImageNet-C/imagenet_c. Written with NumPy 1.24, SciPy 1.10, scikit-image
0.19, OpenCV 4.6, Pillow 9.4 and ImageMagick 6.9 of Debian 12.
"""
import pathlib
import sys
import types

import numpy as np
from PIL import Image

DETERMINISTIC = ["gaussian_blur", "defocus_blur", "zoom_blur", "brightness", "contrast", "saturate", "jpeg_compression", "pixelate"]
RANDOM = ["gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "glass_blur", "motion_blur", "snow", "fog", "spatter", "elastic_transform"]
DRAWS = {32: 200, 224: 6}
SAMPLES = 100


def published(path, end):
    """The functions of a file, without the part that walks a data set."""
    text = pathlib.Path(path).read_text().split(end)[0]
    text = "\n".join(line for line in text.splitlines() if "torch" not in line and "pkg_resources" not in line)
    module = types.ModuleType("published")
    exec(text, module.__dict__)
    return module


def noise(side):
    """Synthetic.Noise."""
    state, samples = side * 65536 + side * 256 + 3, []
    for _ in range(side * side * 3):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        samples.append(state >> 24)
    return np.array(samples, dtype=np.uint8).reshape(side, side, 3)


def scene(side):
    """Synthetic.Scene."""
    y, x, c = np.indices((side, side, 3))
    x, y = x * 256 // side, y * 256 // side
    disc = np.where((x - 128) ** 2 + (y - 110) ** 2 < 5000 + 1000 * c, 120, 0)
    return (((x * (c + 1) + y * (3 - c)) // 8 + disc) & 255).astype(np.uint8)


root = pathlib.Path(sys.argv[1]) / "ImageNet-C"
modules = {
    32: published(root / "create_c/make_cifar_c.py", "# /////////////// End Distortions"),
    224: published(root / "imagenet_c/imagenet_c/corruptions.py", "# /////////////// End Corruptions"),
}


def apply(name, image, severity):
    return np.uint8(getattr(modules[len(image)], name)(Image.fromarray(image), severity))


with open("pixels.csv", "w") as file:
    for image, side, name in [(scene, 32, "scene"), (noise, 32, "noise"), (scene, 224, "scene")]:
        for kind in DETERMINISTIC:
            for severity in range(1, 6):
                samples = apply(kind, image(side), severity).reshape(-1)
                picked = samples[np.arange(SAMPLES) * 7919 % len(samples)]
                file.write(f"{kind.replace('_', '-')},{severity},{side},{name},{picked.tobytes().hex()}\n")

np.random.seed(1)
with open("moments.csv", "w") as file:
    file.write("kind,severity,side,draws,mean,deviation of the mean,deviation of a sample,step along a row\n")
    for side, draws in DRAWS.items():
        for kind in RANDOM:
            for severity in range(1, 6):
                images = np.stack([apply(kind, scene(side), severity) for _ in range(draws)]).astype(float)
                means = images.mean((1, 2, 3))
                figures = [means.mean(), means.std(ddof=1), images.std(0, ddof=1).mean(), abs(np.diff(images, axis=2)).mean()]
                file.write(f"{kind.replace('_', '-')},{severity},{side},{draws},{','.join(f'{v:.3f}' for v in figures)}\n")
