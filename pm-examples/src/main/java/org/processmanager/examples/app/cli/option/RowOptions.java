package org.processmanager.examples.app.cli.option;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.function.Supplier;
import org.processmanager.examples.app.cli.Csv;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Option;

/**
 * The format of an answer that is a list of rows. For programs it is one JSON array, a JSON object a line, or CSV, with the same
 * fields; nothing else goes to standard output then.
 */
public final class RowOptions {
    enum Format {
        table,
        wide,
        json,
        jsonl,
        csv
    }

    /** Writes a row as one JSON object. */
    @FunctionalInterface
    public interface RowWriter<T> {
        void writeTo(JsonGenerator json, T row) throws IOException;
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description =
                    "How to write the rows: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). wide has more columns"
                            + " and cuts no line.")
    private Format format = Format.table;

    @Option(names = "--json", description = "The same as -o json.")
    private boolean json;

    /** Returns whether the answer is for a program, and not a table. */
    public boolean isForPrograms() {
        return json || format != Format.table && format != Format.wide;
    }

    /** Returns whether one JSON document is wanted. */
    public boolean json() {
        return json || format == Format.json;
    }

    /** Returns whether a table has all its columns. */
    public boolean wide() {
        return !json && format == Format.wide;
    }

    /**
     * Writes rows to standard output.
     *
     * @param writer writes a row for programs
     * @param table supplies the table of the same rows
     */
    public <T> void print(Terminal terminal, Iterable<T> rows, RowWriter<T> writer, Supplier<Table> table) {
        switch (json ? Format.json : format) {
            case json ->
                Json.print(terminal.out(), generator -> {
                    generator.writeStartArray();
                    for (T row : rows) {
                        writer.writeTo(generator, row);
                    }
                    generator.writeEndArray();
                });
            case jsonl -> rows.forEach(row -> Json.print(terminal.out(), generator -> writer.writeTo(generator, row)));
            case csv -> Csv.print(terminal.out(), rows, writer);
            default -> print(terminal, table.get());
        }
    }

    /** Writes a table to standard output, as wide as the format says. */
    public void print(Terminal terminal, Table table) {
        if (wide()) {
            table.printWide(terminal.out());
        } else {
            table.print(terminal.out(), terminal.columns());
        }
    }
}
