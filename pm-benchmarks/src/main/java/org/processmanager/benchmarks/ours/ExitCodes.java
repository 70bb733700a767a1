package org.processmanager.benchmarks.ours;

import java.util.Arrays;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessResult;

/** Converts command lines and results between the library and the forks. */
final class ExitCodes {
    private static final int NO_EXIT_CODE = -1;

    private ExitCodes() {}

    static String[] rest(String... command) {
        return Arrays.copyOfRange(command, 1, command.length);
    }

    static int of(ProcessResult result) {
        return result.status() instanceof ExitStatus.Exited exited ? exited.code() : NO_EXIT_CODE;
    }
}
