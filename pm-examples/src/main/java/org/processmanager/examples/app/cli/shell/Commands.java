package org.processmanager.examples.app.cli.shell;

import java.util.List;
import java.util.Map;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine;

/** The commands that a shell runs. */
public interface Commands {
    /**
     * Runs one command line with command objects of its own.
     *
     * @return its exit code
     */
    int run(Terminal terminal, List<String> words);

    /** Returns the model of all commands, which is not run. */
    CommandLine model();

    /** Returns the options with which the shell was started, and which hold for each of its commands: values by name. */
    Map<String, String> globalOptions();
}
