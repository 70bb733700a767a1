package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.processmanager.examples.app.cli.option.OutputOptions.RowWriter;
import org.processmanager.examples.app.cli.terminal.Printable;

/**
 * Rows as CSV (RFC 4180, with a line feed at the end of a line): the columns are the fields that the rows have in JSON. A field
 * within an object has a name as {@code status.code}, an array is JSON text, and null is an empty cell.
 */
public final class Csv {
    private Csv() {}

    /**
     * Prints a line of names and a line for each row; nothing if there is no row.
     *
     * @param writer writes a row as one JSON object
     */
    public static <T> void print(PrintStream out, Iterable<T> rows, RowWriter<T> writer) {
        List<Map<String, String>> lines = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (T row : rows) {
            Map<String, String> cells = cells(row, writer);
            names.addAll(cells.keySet());
            lines.add(cells);
        }
        if (lines.isEmpty()) {
            return;
        }
        print(out, names);
        for (Map<String, String> cells : lines) {
            print(out, names.stream().map(name -> cells.getOrDefault(name, "")).toList());
        }
    }

    private static void print(PrintStream out, Iterable<String> cells) {
        StringBuilder line = new StringBuilder();
        for (String cell : cells) {
            line.append(line.length() == 0 ? "" : ",").append(quoted(cell));
        }
        out.print(line.append('\n'));
    }

    private static String quoted(String cell) {
        boolean plain = !cell.isEmpty() && cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    private static <T> Map<String, String> cells(T row, RowWriter<T> writer) {
        Map<String, String> cells = new LinkedHashMap<>();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Printable.jsonFactory().createGenerator(text)) {
            writer.writeTo(json, row);
            json.flush();
            try (JsonParser parser = Printable.jsonFactory().createParser(text.toString())) {
                parser.nextToken();
                addFields(cells, parser, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return cells;
    }

    /** Adds the fields of the object that the parser is at the beginning of. */
    private static void addFields(Map<String, String> cells, JsonParser parser, String prefix) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = prefix + parser.currentName();
            switch (parser.nextToken()) {
                case START_OBJECT -> addFields(cells, parser, name + ".");
                case START_ARRAY -> cells.put(name, text(parser));
                case VALUE_NULL -> cells.put(name, "");
                default -> cells.put(name, Printable.line(parser.getText()));
            }
        }
    }

    private static String text(JsonParser parser) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = Printable.jsonFactory().createGenerator(text)) {
            copy.copyCurrentStructure(parser);
        }
        return text.toString();
    }
}
