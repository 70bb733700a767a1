package org.processmanager.examples.app.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import picocli.CommandLine.ParameterException;

class OutputOptionsTest {
    @Command
    private static final class Listing {
        @Mixin
        private OutputOptions output = new OutputOptions();
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

    @Test
    void record_isAnObjectARowOrText() {
        assertEquals("text\n", printRecord());
        assertEquals("text\n", printRecord("-o", "wide"));
        assertEquals("{\"code\":1}\n", printRecord("--json"));
        assertEquals("{\"code\":1}\n", printRecord("-o", "jsonl"));
        assertEquals("code\n1\n", printRecord("-o", "csv"));
    }

    @Test
    void csv_isRefusedWhereLinesFollow() {
        parse("-o", "jsonl").output.refuseCsv();
        Listing csv = parse("-o", "csv");
        String refused =
                assertThrows(ParameterException.class, csv.output::refuseCsv).getMessage();
        assertTrue(refused.endsWith("(expected: table, wide, json or jsonl)"), refused);
    }

    private static Listing parse(String... arguments) {
        Listing listing = new Listing();
        new CommandLine(listing).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return listing;
    }

    private static String printRecord(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal =
                Terminal.of(InputStream.nullInputStream(), out, new PrintStream(OutputStream.nullOutputStream()));
        parse(arguments)
                .output
                .printRecord(
                        terminal,
                        json -> {
                            json.writeStartObject();
                            json.writeNumberField("code", 1);
                            json.writeEndObject();
                        },
                        () -> terminal.say("text"));
        terminal.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String print(List<Row> rows, String... arguments) {
        Listing listing = parse(arguments);
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
