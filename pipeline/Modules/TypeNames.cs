namespace InMARS.Pipeline.Modules;

/// <summary>Item types as users read them.</summary>
internal static class TypeNames
{
    public static string Of(Type type) => type switch
    {
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => $"list of {Of(type.GetGenericArguments()[0])}",
        { IsGenericType: true } => $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>",
        _ => type.Name,
    };

    public static string Mismatch(string upstream, Type gives, string stage, Type takes) =>
        $"'{upstream}' gives {Of(gives)}, but '{stage}' takes {Of(takes)}";
}
