package org.processmanager.core.internal.posix;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * The text form of the bytes of a path, the same in every locale. A name on Linux is a sequence of bytes;
 * {@link Path#toString} decodes it by the charset of the locale and replaces what is not valid there, so that the text names
 * another file. This form decodes UTF-8, and makes each byte that is not part of a character a lone surrogate, U+DC80 to
 * U+DCFF, as Python does (PEP 383). {@link #encode} and {@link #toPath} restore the bytes.
 */
public final class PathText {
    private static final int LAST_ASCII = 0x7f;
    private static final int FIRST_ESCAPE = 0xdc80;
    private static final int LAST_ESCAPE = 0xdcff;
    private static final int ESCAPES = 0xdc00;
    private static final Path ROOT = Path.of("/");

    private PathText() {}

    /**
     * Returns a path if it belongs to the system's own file system.
     *
     * @throws IllegalArgumentException if not, naming the parameter
     */
    public static Path check(String name, Path path) {
        if (Objects.requireNonNull(path, name).getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(name + ": " + path + " of "
                    + path.getFileSystem().provider().getScheme()
                    + " (expected: a path of the default file system, which programs can open)");
        }
        return path;
    }

    /**
     * Returns the text of a path, absolute only if the path is.
     *
     * @throws IllegalArgumentException if the path does not belong to the system's own file system
     */
    public static String of(Path path) {
        String text = check("path", path).toString();
        if (isAscii(text) || File.separatorChar != '/') {
            return text;
        }
        // A file URI has the bytes of an absolute path, whatever the locale is.
        String uri = ROOT.resolve(path).toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        for (int i = path.isAbsolute() ? 0 : 1; i < end; i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        return decode(bytes.toByteArray());
    }

    /**
     * Returns the path with these bytes, also where the locale has no characters for them.
     *
     * @throws IllegalArgumentException if the text cannot be a path
     */
    public static Path toPath(String text) {
        if (isAscii(text) || File.separatorChar != '/') {
            return Path.of(text);
        }
        StringBuilder uri = new StringBuilder("file://").append(text.startsWith("/") ? "" : "/");
        for (byte b : encode(text)) {
            if (b == '/') {
                uri.append('/');
            } else {
                uri.append(String.format("%%%02X", b & 0xff));
            }
        }
        Path absolute = Path.of(URI.create(uri.toString()));
        return text.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /** Decodes UTF-8; bytes that are not part of a character become lone surrogates. */
    public static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPES + (in.get() & 0xff)));
            }
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }

    /** Encodes in UTF-8; surrogates that {@link #decode} made become the bytes that they stand for. */
    public static byte[] encode(String text) {
        int from = indexOfEscape(text, 0);
        if (from < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() * 3);
        int start = 0;
        for (int at = from; at >= 0; at = indexOfEscape(text, start)) {
            bytes.writeBytes(text.substring(start, at).getBytes(StandardCharsets.UTF_8));
            bytes.write(text.charAt(at) - ESCAPES);
            start = at + 1;
        }
        bytes.writeBytes(text.substring(start).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** Returns a text to be displayed: what stands for bytes becomes the replacement character. */
    public static String printable(String text) {
        return indexOfEscape(text, 0) < 0 ? text : new String(encode(text), StandardCharsets.UTF_8);
    }

    /** Returns whether a character stands for a byte that is not part of a character. */
    public static boolean isEscape(int codePoint) {
        return codePoint >= FIRST_ESCAPE && codePoint <= LAST_ESCAPE;
    }

    private static int indexOfEscape(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (isEscape(c)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LAST_ASCII) {
                return false;
            }
        }
        return true;
    }

    /** Returns the encoded text with a NUL at its end. */
    static byte[] terminated(String text) {
        byte[] bytes = encode(text);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
