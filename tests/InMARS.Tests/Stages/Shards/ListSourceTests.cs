using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ListSourceTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData(" a , b ,", "a|b|")]
    [InlineData("", "")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("\"say \"\"hi\"\"\",", "say \"hi\"|")]
    [InlineData("\"\"", "")]
    public void Split_reads_quoted_and_plain_fields(string line, string fields) => Assert.Equal(fields, string.Join('|', CsvLine.Split(line).Fields));

    [Theory]
    [InlineData("\"a", "expected a closing quote, found the end of the line")]
    [InlineData("\"a\"b", "expected a comma behind the closing quote, found 'b'")]
    [InlineData("a\"b", "expected quotes around the whole field, found 'a\"b'")]
    public void Split_says_what_is_wrong(string line, string error) => Assert.Equal(error, CsvLine.Split(line).Error);

    [Fact]
    public async Task A_list_names_images_label_maps_and_keys()
    {
        Save("d/a.jpg", "d/a.png", "d/x, y.jpg", "c.jpg");
        var list = List("split,Image,label,key\r\ntrain,d/a.jpg,d/a.png,\r\n\r\ntest,\"d/x, y.jpg\",,second\r\ntest,../run/c.jpg,,\r\n");

        var items = await ListSource.Of(new ListReadOptions(list)).ReadAsync(_context);

        Assert.Equal(["d/a", "second", "run/c!file.unreadable"], items.Select(i => i.Told()));
        Assert.Equal(Tars.Body("d/a.png"), items[0].Value().Label?.ToArray());
        Assert.Equal(Tars.Body("d/x, y.jpg"), items[1].Value().Image.ToArray());
        Assert.Equal(list, items[0].Origin.Shard);
        Assert.Equal(3, await ListSource.Of(new ListReadOptions(list)).Count(_context, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Bad_lines_are_faults_that_name_file_and_line()
    {
        Save("a.jpg");
        var list = List("image,label,key\na.jpg,,one\na.jpg,\n\"a.jpg,,\n,,two\na.jpg,,../up\na.jpg,,one\nnone.jpg,,three\na.jpg,none.png,four\n");

        var items = await ListSource.Of(new ListReadOptions(list)).ReadAsync(_context);

        Assert.Equal(
            [
                "one",
                $"line 3!list.bad_line: {list}:3: expected 3 fields, found 2",
                $"line 4!list.bad_line: {list}:4: expected a closing quote, found the end of the line",
                $"line 5!list.bad_line: {list}:5: expected a path in column 'image', found nothing",
                $"line 6!list.bad_line: {list}:6: key '../up' leaves its folder by '..'; expected a relative name",
                $"one!list.duplicate_key: {list}:7: key 'one' stands in line 2 already; expected each key once",
                $"three!file.unreadable: there is no file '{At("none.jpg")}'",
                $"four!file.unreadable: there is no file '{At("none.png")}'",
            ],
            items.Select(i => i.Told() + i.Value.Match(_ => "", f => $": {f.Message}")));
    }

    [Fact]
    public async Task A_shuffled_list_goes_on_from_a_position()
    {
        var keys = Enumerable.Range(10, 20).Select(i => $"{i}").ToList();
        Save([.. keys.Select(k => $"{k}.jpg")]);
        var source = ListSource.Of(new ListReadOptions(List($"image\n{string.Join(".jpg\n", keys)}.jpg"), Shuffle: true));

        var full = (await source.ReadAsync(_context)).Select(i => i.Told()).ToList();

        Assert.Equal(full.Skip(5), (await source.ReadAsync(_context, position: 5)).Select(i => i.Told()));
        Assert.Equal(keys, full.Order());
        Assert.NotEqual(keys, full);
    }

    [Fact]
    public async Task A_list_that_names_nothing_stops_the_run()
    {
        var list = At("list.csv");

        Assert.Equal($"there is no list '{list}'", await Message());
        List("");
        Assert.Equal($"{list}:1: expected a header, found an empty file", await Message());
        List("a.jpg,a.png\n");
        Assert.Equal($"{list}:1: expected a header with a column 'image', found 'a.jpg,a.png'", await Message());
        List("image\n\n");
        Assert.Equal($"list '{list}' names no sample", await Message());
    }

    private async Task<string> Message() =>
        (await Assert.ThrowsAsync<RunException>(() => ListSource.Of(new ListReadOptions(At("list.csv"))).ReadAsync(_context))).Message;

    private string List(string text)
    {
        File.WriteAllText(At("list.csv"), text);
        return At("list.csv");
    }

    private string At(string name) => _context.PathInRun(name);

    private void Save(params string[] names)
    {
        foreach (var name in names)
        {
            _context.Save(name, Tars.Body(name));
        }
    }
}
