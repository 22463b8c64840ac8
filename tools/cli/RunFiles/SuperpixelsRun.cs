namespace InMARS.Cli.RunFiles;

/// <summary>The run file of <c>inmars superpixels</c>.</summary>
internal static class SuperpixelsRun
{
    public static string Text(string input, string output, int regionSize) =>
        $$"""
        run: { {{RunPlace.Of(output).Lines}} }
        flows:
          - name: superpixels
            source: {{PredictRun.Source(input)}}
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: {{regionSize}}, cache: false } }
            sinks:
              - { use: write.superpixels }

        """;
}
