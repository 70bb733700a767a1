package org.processmanager.examples.app.cli.channel;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;

/** The messages that {@code pm send} sends, one after another. */
interface MessageInput {
    /** How standard input is divided. Its bytes are sent as they are, in any encoding. */
    enum Form {
        /** Each line is a message, without its line feed. */
        lines,
        /** All of it is one message. */
        whole
    }

    /**
     * Returns the next message, or null if there is none.
     *
     * @param maxBytes the longest message that the channel accepts
     * @throws CommandFailure if the message is longer
     */
    byte @Nullable [] next(int maxBytes) throws IOException;

    /** Returns a text as so many messages. */
    static MessageInput of(byte[] text, long count) {
        long[] left = {count};
        return maxBytes -> {
            if (text.length > maxBytes) {
                throw tooLong("TEXT: " + text.length + " bytes", maxBytes);
            }
            return left[0]-- > 0 ? text : null;
        };
    }

    /** Returns the messages of a stream. */
    static MessageInput of(InputStream in, Form form) {
        // Also for all of it: FileInputStream.readNBytes of JDK 17 seeks, which a pipe refuses.
        InputStream buffered = new BufferedInputStream(in);
        return form == Form.lines ? new Lines(buffered) : new Whole(buffered);
    }

    private static CommandFailure tooLong(String what, int maxBytes) {
        return new CommandFailure(ExitCode.BAD_INPUT, what + " (expected: at most " + maxBytes + " for this channel)");
    }

    /** All of a stream. */
    final class Whole implements MessageInput {
        private final InputStream in;
        private boolean read;

        Whole(InputStream in) {
            this.in = in;
        }

        @Override
        public byte @Nullable [] next(int maxBytes) throws IOException {
            if (read) {
                return null;
            }
            read = true;
            byte[] all = in.readNBytes(Math.min(maxBytes, Integer.MAX_VALUE - 1) + 1);
            if (all.length > maxBytes) {
                throw tooLong("standard input: more than " + maxBytes + " bytes", maxBytes);
            }
            return all;
        }
    }

    /** Each line of a stream; the last one need not end with a line feed. */
    final class Lines implements MessageInput {
        private final InputStream in;
        private long number;

        Lines(InputStream in) {
            this.in = in;
        }

        @Override
        public byte @Nullable [] next(int maxBytes) throws IOException {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            number++;
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (; b >= 0 && b != '\n'; b = in.read()) {
                if (line.size() == maxBytes) {
                    throw tooLong("line " + number + " of standard input: more than " + maxBytes + " bytes", maxBytes);
                }
                line.write(b);
            }
            return line.toByteArray();
        }
    }
}
