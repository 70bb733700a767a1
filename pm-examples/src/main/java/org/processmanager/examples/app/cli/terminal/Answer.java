package org.processmanager.examples.app.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/** Standard output that keeps the reason for a failed write, which a {@link java.io.PrintStream} does not. */
final class Answer extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    Answer(OutputStream target) {
        super(target);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }

    /** Returns why a part is lost, or null. A closed pipe is no loss, since its reader has stopped reading, as {@code head} does. */
    @Nullable
    String lostBecause() {
        IOException known = failure;
        String why = known == null ? null : String.valueOf(known.getMessage());
        return why == null || why.equals(textOfBrokenPipe()) ? null : why;
    }

    /** Returns the system's text, which is in the language of the user. */
    private static String textOfBrokenPipe() {
        try {
            Pipe pipe = Pipe.open();
            try (Pipe.SinkChannel sink = pipe.sink()) {
                pipe.source().close();
                sink.write(ByteBuffer.allocate(1));
            }
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
