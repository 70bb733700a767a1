package org.processmanager.examples.app.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes text in UTF-8 without its unsafe characters. Each write has whole characters, as those of a PrintStream have. */
final class PrintableStream extends FilterOutputStream {
    PrintableStream(OutputStream target) {
        super(target);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        out.write(Printable.text(text).getBytes(StandardCharsets.UTF_8));
    }
}
