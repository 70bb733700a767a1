package org.processmanager.core.internal.launch.program;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.UnsupportedFeatures;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.posix.PathText;

/** Checks of the locale's charset, by which a JVM decodes its arguments and the names of files. */
public final class Locales {
    private static final int FIRST_WITH_ENCODING_OF_NAMES = 18;
    private static final int LAST_ASCII = 0x7f;
    private static final String UTF_8 = "C.UTF-8";
    private static final String JNU = System.getProperty("sun.jnu.encoding", "UTF-8");

    private Locales() {}

    /**
     * Returns the launch of a child JVM, with a UTF-8 locale if it has arguments outside ASCII that its locale could not decode.
     * Python does the same for itself (PEP 538).
     *
     * @param inherited the environment of this JVM
     */
    public static LaunchSpec readable(LaunchSpec spec, Map<String, String> inherited) {
        PrivateFile file = spec.argumentFile();
        if (file == null
                || isAscii(file.content()) && spec.commandLine().stream().allMatch(Locales::isAscii)) {
            return spec;
        }
        EnvironmentSpec environment = spec.environment();
        return readsUtf8(name(environment, inherited), name(EnvironmentSpec.INHERITED, inherited))
                ? spec
                : spec.withEnvironment(environment.with("LC_ALL", UTF_8));
    }

    /** A locale with UTF-8 in its name may not be installed: this JVM knows its effective charset. */
    private static boolean readsUtf8(String locale, String own) {
        String plain = locale.toUpperCase(Locale.ROOT).replace("-", "");
        return plain.contains(".UTF8") && (!locale.equals(own) || JNU.equalsIgnoreCase("UTF-8"));
    }

    private static String name(EnvironmentSpec environment, Map<String, String> inherited) {
        for (String variable : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
            String value = environment.value(variable, inherited);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LAST_ASCII) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks that ProcessBuilder can encode the arguments and variables of a process: it replaces characters that it cannot.
     *
     * @param environment that of the spec and what the launch adds
     * @throws UnsupportedOperationException if not, naming the character and what to do
     */
    public static void checkPortable(LaunchSpec spec, EnvironmentSpec environment) {
        CharsetEncoder encoder = passedOnIn().newEncoder();
        List<String> line = spec.commandLine();
        check(encoder, "the program", line.get(0));
        for (int i = 1; i < line.size(); i++) {
            check(encoder, "argument " + i, line.get(i));
        }
        for (Map.Entry<String, Optional<String>> change : environment.changes().entrySet()) {
            String key = change.getKey();
            check(encoder, "the name of an environment variable", key);
            check(encoder, "the environment variable " + key, change.getValue().orElse(""));
        }
    }

    /** Returns whether ProcessBuilder can encode a value. */
    public static boolean canPass(String text) {
        return passedOnIn().newEncoder().canEncode(text);
    }

    private static void check(CharsetEncoder encoder, String what, @Nullable String text) {
        if (text == null || isAscii(text) || encoder.canEncode(text)) {
            return;
        }
        int bad = text.codePoints()
                .filter(point -> !encoder.canEncode(Character.toString(point)))
                .findFirst()
                .orElseThrow();
        if (PathText.isEscape(bad)) {
            UnsupportedFeatures.refuse(
                    "the byte 0x%02X in %s (it is not part of a UTF-8 character)".formatted(bad & 0xff, what));
        }
        UnsupportedFeatures.refuse(
                "the character U+%04X in %s (the locale's charset is %s: start this JVM with LC_ALL=%s)"
                        .formatted(bad, what, encoder.charset(), UTF_8));
    }

    /** Returns the charset of arguments; before 18 the JDK used the default charset, which can be set by an option. */
    private static Charset passedOnIn() {
        return Runtime.version().feature() < FIRST_WITH_ENCODING_OF_NAMES
                ? Charset.defaultCharset()
                : Charset.forName(JNU);
    }
}
