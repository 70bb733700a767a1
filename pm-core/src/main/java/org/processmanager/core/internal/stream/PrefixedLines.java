package org.processmanager.core.internal.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes lines with a prefix to a stream of the caller: each by one call, so that lines of several processes do not mix. */
final class PrefixedLines implements Receiver {
    private final Charset charset;
    private final String prefix;
    private final @Nullable DateTimeFormatter timestamps;
    private final OutputStream out;
    private final LineDecoder decoder;

    PrefixedLines(Charset charset, String prefix, @Nullable DateTimeFormatter timestamps, OutputStream out) {
        this.charset = charset;
        this.prefix = prefix;
        this.timestamps = timestamps;
        this.out = out;
        decoder = new LineDecoder(charset, false, this::write);
    }

    private void write(String line) {
        String time = timestamps == null ? "" : timestamps.format(ZonedDateTime.now()) + " ";
        try {
            out.write((time + prefix + line + "\n").getBytes(charset));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void accept(ByteBuffer bytes) {
        decoder.accept(bytes);
    }

    @Override
    public boolean hasPartialInput() {
        return decoder.hasPartialLine();
    }

    @Override
    public void idle() throws IOException {
        out.flush();
    }

    @Override
    public void end() throws IOException {
        decoder.end();
        out.flush();
    }
}
