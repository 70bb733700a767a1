package org.processmanager.examples.app.cli.option;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.Csv;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The format of an answer. A list of rows is, for programs, one JSON array, a JSON object a line, or CSV, with the same fields;
 * a single record is one object or one row. Nothing else goes to standard output then.
 */
public final class OutputOptions {
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

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description =
                    "How to write the answer: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). wide has all columns"
                            + " of a table and cuts no line.")
    private Format format = Format.table;

    @Option(names = "--json", description = "The same as -o json.")
    private boolean json;

    /** Returns whether the answer is for a program. */
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
     * Refuses CSV, for an answer that has no end.
     *
     * @throws ParameterException if CSV is wanted
     */
    public void refuseCsv() {
        if (!json && format == Format.csv) {
            throw new ParameterException(
                    Objects.requireNonNull(command).commandLine(),
                    "-o csv: not here, where lines follow as they arrive (expected: table, wide, json or jsonl)");
        }
    }

    /**
     * Writes rows to standard output.
     *
     * @param writer writes a row for programs
     * @param table supplies the table of the same rows
     */
    public <T> void print(Terminal terminal, Iterable<T> rows, RowWriter<T> writer, Supplier<Table> table) {
        printRows(terminal, rows, writer, () -> print(terminal, table.get()));
    }

    /**
     * Writes rows to standard output.
     *
     * @param writer writes a row for programs
     * @param text writes the same rows as text
     */
    public <T> void printRows(Terminal terminal, Iterable<T> rows, RowWriter<T> writer, Runnable text) {
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
            default -> text.run();
        }
    }

    /**
     * Writes a single record to standard output.
     *
     * @param content writes the record for programs, as one JSON object
     * @param text writes it as text
     */
    public void printRecord(Terminal terminal, Json.Content content, Runnable text) {
        if (!isForPrograms()) {
            text.run();
        } else if (!json && format == Format.csv) {
            Csv.print(terminal.out(), List.of(content), (generator, record) -> record.writeTo(generator));
        } else {
            Json.print(terminal.out(), content);
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
