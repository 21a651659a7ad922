"""Names of the objects that detectors find: COCO's 80, as the data set itself writes them."""

from __future__ import annotations

from types import MappingProxyType

_NAMES = """
person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, -, stop sign,
parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, -, backpack, umbrella, -,
-, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard,
surfboard, tennis racket, bottle, -, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange,
broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, -, dining table, -, -, toilet, -,
tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, -, book, clock,
vase, scissors, teddy bear, hair drier, toothbrush
"""

COCO_91 = MappingProxyType(
    {number: " ".join(name.split()) for number, name in enumerate(_NAMES.split(","), start=1) if name.strip() != "-"}
)
"""COCO's category ids, 1 to 90 with ten never used (https://cocodataset.org), to its 80 labels."""

LABELS = tuple(COCO_91.values())
"""The 80 labels in COCO's order; the index is the class number of models trained on 80 classes."""

ALIASES = MappingProxyType(
    {
        "motorbike": "motorcycle",
        "aeroplane": "airplane",
        "plane": "airplane",
        "sofa": "couch",
        "tvmonitor": "tv",
        "television": "tv",
        "pottedplant": "potted plant",
        "diningtable": "dining table",
        "cellphone": "cell phone",
        "mobile phone": "cell phone",
        "hair dryer": "hair drier",
        "doughnut": "donut",
        "bike": "bicycle",
    }
)
"""Names that Pascal VOC, older label files and people use."""

VEHICLES = frozenset({"car", "motorcycle", "bus", "truck"})
"""Labels of what carries a number plate."""


def standard(name: str) -> str | None:
    """The COCO-80 label that `name` means, in any case, or None if there is none."""
    plain = " ".join(name.lower().replace("_", " ").replace("-", " ").split())
    label = ALIASES.get(plain, plain)
    return label if label in LABELS else None
