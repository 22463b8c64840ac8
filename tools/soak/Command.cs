using System.Diagnostics;

namespace InMARS.Soak;

/// <summary>Small programs of the system.</summary>
internal static class Command
{
    /// <returns>What it complained of; null where it ended well.</returns>
    public static async Task<string?> RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var wrong = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : wrong.Trim();
    }
}
