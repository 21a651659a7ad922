"""Names of the objects that detectors find: COCO's 80, as the data set itself writes them."""

from __future__ import annotations

from types import MappingProxyType

_NAMES = (
    "person bicycle car motorcycle airplane bus train truck boat traffic_light fire_hydrant - stop_sign parking_meter "
    "bench bird cat dog horse sheep cow elephant bear zebra giraffe - backpack umbrella - - handbag tie suitcase frisbee "
    "skis snowboard sports_ball kite baseball_bat baseball_glove skateboard surfboard tennis_racket bottle - wine_glass "
    "cup fork knife spoon bowl banana apple sandwich orange broccoli carrot hot_dog pizza donut cake chair couch "
    "potted_plant bed - dining_table - - toilet - tv laptop mouse remote keyboard cell_phone microwave oven toaster sink "
    "refrigerator - book clock vase scissors teddy_bear hair_drier toothbrush"
).split()

COCO_91 = MappingProxyType(
    {number: name.replace("_", " ") for number, name in enumerate(_NAMES, start=1) if name != "-"}
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
