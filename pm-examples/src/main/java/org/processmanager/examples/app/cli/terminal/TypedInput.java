package org.processmanager.examples.app.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user types at the terminal, through a descriptor of its own, which is opened when it is first read. Unlike a read of
 * standard input, one that blocks is ended by closing and by interrupting.
 */
final class TypedInput extends InputStream {
    private static final Path TERMINAL = Path.of("/dev/tty");

    private @Nullable InputStream opened; // guarded by this
    private boolean closed; // guarded by this

    @Override
    public int read() throws IOException {
        return input().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return input().read(bytes, offset, length);
    }

    private synchronized InputStream input() throws IOException {
        if (closed) {
            throw new IOException("the command has ended");
        }
        if (opened == null) {
            opened = Channels.newInputStream(FileChannel.open(TERMINAL));
        }
        return opened;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                // nothing more will be read
            }
        }
    }
}
