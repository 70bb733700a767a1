package org.processmanager.examples.app.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class RowOptionsTest {
    @Command
    private static final class Listing {
        @Mixin
        private RowOptions output = new RowOptions();
    }

    private record Row(String name, Integer code, List<String> words) {}

    private static final List<Row> ROWS =
            List.of(new Row("a, \"b\"\n", 1, List.of("x", "y,z")), new Row("", null, List.of()));

    @Test
    void table_hasTheNarrowColumns() {
        assertEquals("NAME     WORDS\na, \"b\"?  [x, y,z]\n         []\n", print(ROWS));
    }

    @Test
    void wide_hasAllColumns() {
        assertEquals("NAME     CODE  WORDS\na, \"b\"?     1  [x, y,z]\n            -  []\n", print(ROWS, "-o", "wide"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ojson", "--json", "--output=JSON"})
    void json_isOneArray(String option) {
        assertEquals(
                "[{\"name\":\"a, \\\"b\\\"\\n\",\"status\":{\"code\":1},\"words\":[\"x\",\"y,z\"]},"
                        + "{\"name\":\"\",\"status\":{\"code\":null},\"words\":[]}]\n",
                print(ROWS, option));
        assertEquals("[]\n", print(List.of(), option));
    }

    @Test
    void jsonl_isALineForEachRow() {
        assertEquals(
                "{\"name\":\"a, \\\"b\\\"\\n\",\"status\":{\"code\":1},\"words\":[\"x\",\"y,z\"]}\n"
                        + "{\"name\":\"\",\"status\":{\"code\":null},\"words\":[]}\n",
                print(ROWS, "-o", "jsonl"));
        assertEquals("", print(List.of(), "-o", "jsonl"));
    }

    @Test
    void csv_hasTheFieldsOfJson() {
        assertEquals(
                "name,status.code,words\n\"a, \"\"b\"\"?\",1,\"[\"\"x\"\",\"\"y,z\"\"]\"\n\"\",\"\",[]\n",
                print(ROWS, "-o", "csv"));
        assertEquals("", print(List.of(), "-o", "csv"));
    }

    private static String print(List<Row> rows, String... arguments) {
        Listing listing = new Listing();
        new CommandLine(listing).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal =
                Terminal.of(InputStream.nullInputStream(), out, new PrintStream(OutputStream.nullOutputStream()));
        listing.output.print(
                terminal,
                rows,
                (json, row) -> {
                    json.writeStartObject();
                    json.writeStringField("name", row.name());
                    json.writeObjectFieldStart("status");
                    if (row.code() == null) {
                        json.writeNullField("code");
                    } else {
                        json.writeNumberField("code", row.code());
                    }
                    json.writeEndObject();
                    json.writeArrayFieldStart("words");
                    for (String word : row.words()) {
                        json.writeString(word);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                },
                () -> {
                    Table table = new Table("NAME", "+>CODE", "WORDS");
                    rows.forEach(row -> table.row(
                            row.name(),
                            row.code() == null ? "-" : row.code().toString(),
                            row.words().toString()));
                    return table;
                });
        terminal.flush();
        return out.toString(StandardCharsets.UTF_8);
    }
}
