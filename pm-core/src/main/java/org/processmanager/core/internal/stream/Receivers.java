package org.processmanager.core.internal.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/** The consumers of output in this JVM. */
final class Receivers {
    private static final int COPY_BYTES = 16 * 1024;

    private Receivers() {}

    /** Passes lines to a consumer. */
    static Receiver lines(Charset charset, boolean cutAtCr, Consumer<String> consumer) {
        LineDecoder decoder = new LineDecoder(charset, cutAtCr, consumer);
        return new Receiver() {
            @Override
            public void accept(ByteBuffer bytes) {
                decoder.accept(bytes);
            }

            @Override
            public boolean hasPartialInput() {
                return decoder.hasPartialLine();
            }

            @Override
            public void end() {
                decoder.end();
            }
        };
    }

    /** Passes the bytes to a consumer, which may change the position and limit of the buffer. */
    static Receiver bytes(Consumer<ByteBuffer> consumer) {
        return consumer::accept;
    }

    /** Writes to a stream of the caller, which stays open; flushes it when no further bytes are queued. */
    static Receiver stream(OutputStream out) {
        return new Receiver() {
            @Override
            public void accept(ByteBuffer bytes) throws IOException {
                if (bytes.hasArray()) {
                    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
                    return;
                }
                byte[] copy = new byte[Math.min(COPY_BYTES, bytes.remaining())];
                while (bytes.hasRemaining()) {
                    int n = Math.min(copy.length, bytes.remaining());
                    bytes.get(copy, 0, n);
                    out.write(copy, 0, n);
                }
            }

            @Override
            public void idle() throws IOException {
                out.flush();
            }
        };
    }

    /** Writes to a file, which it closes at the end. */
    static Receiver file(OutputStream file) {
        Receiver stream = stream(file);
        return new Receiver() {
            @Override
            public void accept(ByteBuffer bytes) throws IOException {
                stream.accept(bytes);
            }

            @Override
            public void end() throws IOException {
                close();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
