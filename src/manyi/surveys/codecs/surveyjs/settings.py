"""The settings of SurveyJS elements: which we carry, and which only dress the page."""

from __future__ import annotations

_CARRIED = """
type name title description isRequired requiredIf visibleIf visible choices choicesOrder columns rows items
cellType inputType min max step maxLength rateMin rateMax rateCount rateType rateDisplayMode
minRateDescription maxRateDescription rateValues rateStep minSelectedChoices maxSelectedChoices multiSelect
showOtherItem hasOther otherText showNoneItem hasNone noneText showRefuseItem refuseText showDontKnowItem
dontKnowText showCommentArea hasComment defaultValue validators expression html labelTrue labelFalse
valueTrue valueFalse isAllRowRequired templateElements elements rowCount panelCount maxRowCount
maxPanelCount templateTitle choicesVisibleIf rowsVisibleIf rowsOrder totalType state manyi choicesFromQuestion
selectToRankEnabled maxSize allowMultiple acceptedTypes
choiceMin choiceMax choiceStep sliderType
"""
_DRESS = """
startWithNewLine colCount width minWidth maxWidth placeholder placeHolder autoGrow allowResize allowClear
searchEnabled titleLocation showLabel imageFit imageHeight imageWidth contentMode renderAs displayMode
showLabels tooltipVisibility signatureWidth signatureHeight penColor backgroundColor dataFormat
displayStyle innerIndent indent panelAddText panelRemoveText allowAddPanel allowRemovePanel longTap
autoOptionWidth size textUpdateMode showNumber altText hideNumber useDisplayValuesInDynamicTexts
descriptionLocation commentText commentPlaceholder
otherPlaceholder page customProperties
minRowCount minPanelCount allowSwap minRangeLength maxRangeLength currency
storeDataAsText iconName iconSize showCaption
"""

#: Settings that we carry; all others are named in the report.
CARRIED = frozenset(_CARRIED.split())
#: Leaving these out changes nothing that is asked.
DRESS = frozenset(_DRESS.split())
