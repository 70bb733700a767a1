package org.processmanager.ipc;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.internal.posix.PathText;

/**
 * The address of a channel: {@code scheme:target?key=value&key=value}, as {@code mapped:jobs?capacity=4m}. The scheme selects
 * the {@link Transport}, which defines the meaning of target and options; {@link Ipc} lists them. An immutable value; creating
 * one opens nothing.
 *
 * <p>The target is everything between the first colon and the first question mark, taken literally: there are no escapes,
 * therefore a target cannot contain a question mark.
 *
 * @param scheme the name of the transport, in lower case
 * @param target what the transport opens, mostly a name or a path; empty for {@link Ipc#pair}
 * @param options in the order in which they were given
 */
public record Endpoint(String scheme, String target, Map<String, String> options) {
    private static final String FORM = "scheme:name?key=value&key=value, as mapped:jobs?capacity=4m";

    /**
     * Creates an endpoint from its parts.
     *
     * @param scheme the name of the transport
     * @param target what the transport opens
     * @param options further settings of the transport; copied
     * @throws IllegalArgumentException naming the malformed part
     */
    public Endpoint {
        if (!isWord(Objects.requireNonNull(scheme, "scheme"), "+.-") || !scheme.equals(lowerCase(scheme))) {
            throw new IllegalArgumentException(
                    "scheme: \"" + scheme + "\" (expected: lower-case letters and digits, as mapped)");
        }
        if (Objects.requireNonNull(target, "target").indexOf('?') >= 0 || target.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("target: \"" + target.replace("\0", "\\0")
                    + "\" (expected: a name or a path, without question mark and NUL)");
        }
        Map<String, String> copy = new LinkedHashMap<>();
        for (Map.Entry<String, String> option :
                Objects.requireNonNull(options, "options").entrySet()) {
            String key = option.getKey();
            String value = option.getValue();
            if (!isWord(Objects.requireNonNull(key, "key"), "._-")) {
                throw new IllegalArgumentException(
                        "option: \"" + key + "\" (expected: a key of letters, digits, dots and dashes)");
            }
            if (Objects.requireNonNull(value, "value").isEmpty() || value.indexOf('&') >= 0) {
                throw new IllegalArgumentException(
                        "option " + key + ": \"" + value + "\" (expected: a value, without ampersand)");
            }
            copy.put(key, value);
        }
        options = Collections.unmodifiableMap(copy);
    }

    /**
     * Creates an endpoint from the path of its file, without options. The target is the absolute path; bytes of it that are
     * not part of a UTF-8 character stand in it as lone surrogates, U+DC80 to U+DCFF, so that the endpoint leads to this
     * file in every locale.
     *
     * @param scheme the name of the transport
     * @param file the file of the channel; a relative one starts from the JVM's working directory
     * @return the endpoint
     * @throws IllegalArgumentException if the scheme is malformed, or the path has a question mark or does not belong to the
     *     default file system
     */
    public static Endpoint of(String scheme, Path file) {
        Path absolute = PathText.check("file", file).toAbsolutePath();
        return new Endpoint(scheme, PathText.of(absolute), Map.of());
    }

    /**
     * Parses the text form of an endpoint.
     *
     * @param text for example {@code mapped:jobs?capacity=4m}
     * @return the endpoint; its scheme need not belong to a known transport
     * @throws IllegalArgumentException saying what in the text is malformed
     */
    public static Endpoint parse(String text) {
        int colon = Objects.requireNonNull(text, "text").indexOf(':');
        if (colon < 0) {
            throw malformed(text, "there is no colon after a scheme");
        }
        int mark = text.indexOf('?', colon);
        Map<String, String> options = new LinkedHashMap<>();
        for (int start = mark + 1; mark >= 0 && start <= text.length(); ) {
            int ampersand = text.indexOf('&', start);
            int end = ampersand < 0 ? text.length() : ampersand;
            String option = text.substring(start, end);
            int equals = option.indexOf('=');
            if (equals <= 0) {
                throw malformed(text, "option \"" + option + "\" is not key=value");
            }
            String key = option.substring(0, equals);
            if (options.put(key, option.substring(equals + 1)) != null) {
                throw malformed(text, "option " + key + " is given twice");
            }
            start = end + 1;
        }
        try {
            return new Endpoint(
                    text.substring(0, colon), text.substring(colon + 1, mark < 0 ? text.length() : mark), options);
        } catch (IllegalArgumentException e) {
            throw malformed(text, Objects.requireNonNull(e.getMessage()));
        }
    }

    /**
     * Returns a copy of this endpoint with an option set.
     *
     * @param key the name of the option
     * @param value its value
     * @return the copy
     * @throws IllegalArgumentException if key or value is malformed
     */
    @CheckReturnValue
    public Endpoint with(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(options);
        changed.put(key, value);
        return new Endpoint(scheme, target, changed);
    }

    /**
     * Rejects options that a transport does not know, so that a misspelt option is not ignored.
     *
     * @param known the names of all options that have a meaning
     * @throws IllegalArgumentException naming the unknown option and the known ones
     */
    public void requireKnownOptions(String... known) {
        TreeSet<String> names = new TreeSet<>(Arrays.asList(Objects.requireNonNull(known, "known")));
        for (String key : options.keySet()) {
            if (!names.contains(key)) {
                throw new IllegalArgumentException("option " + key + " of " + this + " (expected: "
                        + (names.isEmpty() ? "none" : String.join(", ", names)) + ")");
            }
        }
    }

    /**
     * Returns an option that is a size: a number of bytes, or one followed by {@code k}, {@code m} or {@code g} for 2^10,
     * 2^20 or 2^30 bytes; upper case means the same.
     *
     * @param key the name of the option
     * @param otherwise the result if the option is not given
     * @return the size in bytes, more than 0
     * @throws IllegalArgumentException if the option is given and is not such a size
     */
    public long bytes(String key, long otherwise) {
        @Nullable String value = options.get(Objects.requireNonNull(key, "key"));
        if (value == null) {
            return otherwise;
        }
        long bytes = parseSize(value);
        if (bytes <= 0) {
            throw new IllegalArgumentException("option " + key + " of " + this + ": " + value
                    + " (expected: a size in bytes, as 65536, 64k, 4m or 1g)");
        }
        return bytes;
    }

    /** Returns the text that {@link #parse} accepts. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme).append(':').append(target);
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = '&';
        }
        return text.toString();
    }

    /** Returns the bytes, or -1 if the text is not a size or does not fit into a long. */
    private static long parseSize(String text) {
        int unit = "kmg".indexOf(lowerCase(text.charAt(text.length() - 1)));
        int digits = unit < 0 ? text.length() : text.length() - 1;
        long number = digits == 0 ? -1 : 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        int shift = 10 * (unit + 1);
        return number > Long.MAX_VALUE >> shift ? -1 : number << shift;
    }

    /** Returns whether a text is an ASCII letter, followed by letters, digits and the given other characters. */
    private static boolean isWord(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = lowerCase(c) >= 'a' && lowerCase(c) <= 'z';
            if (!letter && (i == 0 || !(c >= '0' && c <= '9') && others.indexOf(c) < 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static String lowerCase(String text) {
        return text.toLowerCase(java.util.Locale.ROOT);
    }

    private static char lowerCase(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    private static IllegalArgumentException malformed(String text, String what) {
        return new IllegalArgumentException(
                "endpoint \"" + text.replace("\0", "\\0") + "\": " + what + " (expected: " + FORM + ")");
    }
}
