"""TensorFlow's SSD MobileNet v2 as an OpenVINO network of the same results, made once.

The frozen graph resizes, decodes boxes and suppresses overlaps with loops of TensorFlow operations that are slow and
drop scores under 0.3. The graph is cut at both ends: pixels enter after the resizing loop, and OpenVINO's
DetectionOutput takes the raw box codes and class scores. The class predictors are more than half of the work, so the
eleven outputs that name no object (background and ten numbers that COCO never used) are left out of them, and the two
largest are computed by Winograd's method. What INT8 is made from does without that method, for INT8 multiplies four
times as many numbers at once and gains nothing from it; there the kernels' low rank is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detections.detectors.labels import COCO_91
from detections.detectors.low_rank import factors
from detections.detectors.openvino_runtime import compile_model, quiet_openvino
from detections.detectors.ssd import SIDE
from detections.detectors.winograd import convolution_3x3

LEAST_WINOGRAD = 10
"""Points; the two largest predictors, 19x19 and 10x10, gain 5 of 34 ms from it, the smaller ones nothing."""
AFTER_RESIZE = "Preprocessor/map/TensorArrayStack/TensorArrayGatherV3"
CLASSES = 91
BOX_CODES = "concat"
CLASS_LOGITS = tuple(f"BoxPredictor_{scale}/ClassPredictor/BiasAdd" for scale in range(6))
ANCHORS = "Postprocessor/ExpandDims"

# From the model's pipeline.config: faster_rcnn_box_coder with scales 10, 10, 5, 5 is these variances (1/scale), and
# post_processing with iou_threshold 0.6 and max_total_detections 100.
VARIANCES = (0.1, 0.1, 0.2, 0.2)
OVERLAP = 0.6
KEPT = 100
LEAST_SCORE = 0.01


def convert(frozen_graph: Path, xml: Path, weights: Path, for_int8: bool = False) -> None:
    """Write the cut network as IR, f32; `for_int8` makes what `models quantize` starts from.

    Input: u8 [1, 300, 300, 3], BGR. Output: f32 [1, 1, 100, 7], rows of image id (under 0 ends the list), index
    into COCO's 80 labels, score, x1, y1, x2, y2 as fractions of the picture.
    """
    ov = quiet_openvino()
    graph = _read(frozen_graph)
    operations = {operation.get_friendly_name(): operation for operation in graph.get_ordered_ops()}
    anchors = _anchors(graph, operations[ANCHORS])
    pixels = ov.opset8.parameter([1, SIDE, SIDE, 3], np.float32, name="pixels")
    for reader in operations[AFTER_RESIZE].output(0).get_target_inputs():
        reader.replace_source_output(pixels.output(0))
    found = _detection_output(
        operations[BOX_CODES], _scores([operations[name] for name in CLASS_LOGITS], for_int8), anchors
    )
    network = _with_bgr_input(ov.Model([found], [pixels], "ssd_mobilenet_v2_coco_2018_03_29"))
    ov.serialize(network, str(xml), str(weights))


def _read(frozen_graph: Path) -> Any:
    """The graph through the TensorFlow front end itself; the input's size has to be known before conversion."""
    ov = quiet_openvino()
    front = ov.frontend.FrontEndManager().load_by_framework("tf")
    loaded = front.load(str(frozen_graph))
    loaded.set_partial_shape(loaded.get_inputs()[0], ov.PartialShape([1, SIDE, SIDE, 3]))
    return front.convert(loaded)


def _anchors(graph: Any, operation: Any) -> NDArray[np.float32]:
    """The prior boxes, shape (1917, 4), x1, y1, x2, y2 as fractions; the graph computes them from its input's size."""
    ov = quiet_openvino()
    part = compile_model(ov.Model([operation.output(0)], graph.get_parameters(), "anchors"), 1)
    corners = part(np.zeros([1, SIDE, SIDE, 3], np.uint8))[0].reshape(-1, 4)
    return np.ascontiguousarray(corners[:, [1, 0, 3, 2]], np.float32)


def _scores(predictors: list[Any], for_int8: bool) -> Any:
    """Scores of the 80 labels at every anchor, shape [1, 1917, 80], from the class predictor of each scale."""
    operators = quiet_openvino().opset8
    logits = [
        operators.reshape(_only_used(predictor, for_int8), [1, -1, len(COCO_91)], False) for predictor in predictors
    ]
    return operators.sigmoid(operators.concat(logits, 1))


def _only_used(predictor: Any, for_int8: bool) -> Any:
    """The predictor (Transpose of Add of 3x3 Convolution and bias) with the channels of COCO's 80 classes alone."""
    operators = quiet_openvino().opset8
    convolution, bias = (value.get_node() for value in predictor.input_value(0).get_node().input_values())
    pixels, weights = convolution.input_values()
    channels = np.arange(bias.data.size).reshape(-1, CLASSES)[:, sorted(COCO_91)].reshape(-1)
    kept = weights.get_node().data[channels]
    added = bias.data.reshape(-1)[channels]
    if not for_int8 and pixels.get_shape()[2] >= LEAST_WINOGRAD:
        return operators.add(convolution_3x3(operators.transpose(pixels, [0, 2, 3, 1]), kept), added)
    layers = (for_int8 and factors(kept)) or [kept]
    for layer in layers:
        edge = [layer.shape[2] // 2] * 2
        pixels = operators.convolution(pixels, layer, [1, 1], edge, edge, [1, 1])
    return operators.transpose(operators.add(pixels, added.reshape(1, -1, 1, 1)), [0, 2, 3, 1])


def _detection_output(codes: Any, scores: Any, anchors: NDArray[np.float32]) -> Any:
    """The SSD head: box codes and scores against the anchors, one class at a time, best 100 kept."""
    operators = quiet_openvino().opset8
    swapped = operators.gather(operators.squeeze(codes, [2]), np.array([1, 0, 3, 2]), 2)  # y,x,h,w -> x,y,w,h
    variances = np.tile(np.array(VARIANCES, np.float32), len(anchors))
    priors = np.stack([anchors.reshape(-1), variances])[np.newaxis]
    return operators.detection_output(
        operators.reshape(swapped, [1, -1], special_zero=False),
        operators.reshape(scores, [1, -1], special_zero=False),
        operators.constant(priors),
        {
            "background_label_id": -1,
            "top_k": KEPT,
            "keep_top_k": [KEPT],
            "nms_threshold": OVERLAP,
            "confidence_threshold": LEAST_SCORE,
            "code_type": "caffe.PriorBoxParameter.CENTER_SIZE",
            "share_location": True,
            "variance_encoded_in_target": False,
            "normalized": True,
            "clip_after_nms": False,
            "clip_before_nms": False,
        },
    )


def _with_bgr_input(network: Any) -> Any:
    """The network with pixels as OpenCV has them (u8, BGR) at its input instead of f32 RGB."""
    ov = quiet_openvino()
    prepare = ov.preprocess.PrePostProcessor(network)
    prepare.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    prepare.input().tensor().set_color_format(ov.preprocess.ColorFormat.BGR)
    prepare.input().model().set_layout(ov.Layout("NHWC"))
    prepare.input().preprocess().convert_element_type(ov.Type.f32).convert_color(ov.preprocess.ColorFormat.RGB)
    return prepare.build()
