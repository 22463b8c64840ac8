namespace InMARS.Stages.Protocols;

/// <summary>What the code of the published protocol does and its text does not say. None of them is on unless it is named.</summary>
[Flags]
public enum Quirks
{
    None = 0,

    /// <summary>COCO-Stuff-3: unlabelled pixels are scored as sky.</summary>
    UnlabelledIsSky = 1,

    /// <summary>COCO-Stuff: pixels outside the wanted classes take no part in training, which lets labels into it.</summary>
    MaskTrainingWithLabels = 2,
}
