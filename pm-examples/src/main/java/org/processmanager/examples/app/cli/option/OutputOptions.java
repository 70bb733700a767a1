package org.processmanager.examples.app.cli.option;

import picocli.CommandLine.Option;

/** The format of a command's answer. As JSON it is exactly one document on standard output. */
public final class OutputOptions {
    enum Format {
        table,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "How to write the answer: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Option(names = "--json", description = "The same as -o json.")
    private boolean json;

    public boolean json() {
        return json || format == Format.json;
    }
}
