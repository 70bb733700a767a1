package org.processmanager.examples.app.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The arguments of this process as bytes. The JVM decodes them, and replaces bytes that are not text by U+FFFD; only the bytes
 * tell such an argument from one that contains this character.
 */
public final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final char REPLACEMENT = '\uFFFD';

    private RawArguments() {}

    /**
     * Rejects an argument that was not given as valid UTF-8.
     *
     * @param name of the argument, for the message
     * @throws CommandFailure if so
     */
    public static void requireUtf8(String name, String value) {
        boolean encodable = StandardCharsets.UTF_8.newEncoder().canEncode(value);
        if (!encodable || value.indexOf(REPLACEMENT) >= 0 && !wasGiven(value)) {
            throw new CommandFailure(ExitCode.BAD_INPUT, name + ": not valid UTF-8, so it cannot be sent as text");
        }
    }

    private static boolean wasGiven(String value) {
        byte[] line;
        try {
            line = Files.readAllBytes(COMMAND_LINE);
        } catch (IOException e) {
            return false;
        }
        int start = 0;
        for (int at = 0; at < line.length; at++) {
            if (line[at] == 0) {
                if (value.equals(decode(line, start, at))) {
                    return true;
                }
                start = at + 1;
            }
        }
        return false;
    }

    private static String decode(byte[] line, int start, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }
}
