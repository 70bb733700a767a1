package org.processmanager.project;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Separates the code of a Java source from its comments and literals. Lines keep their numbers. */
final class JavaCode {
    private static final String COMMENT = "//[^\\n]*+|/\\*.*?\\*/";
    private static final String TEXT_BLOCK = "\"\"\"[^\"\\\\]*+(?:(?:\\\\.|\"(?!\"\"))[^\"\\\\]*+)*+\"\"\"";
    private static final String STRING = "\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"";
    private static final String CHARACTER = "'(?:\\\\[^\\n]|[^'\\\\\\n])[^'\\n]*+'";
    private static final Pattern NOT_CODE =
            Pattern.compile(COMMENT + "|" + TEXT_BLOCK + "|" + STRING + "|" + CHARACTER, Pattern.DOTALL);

    /** Where a line of a comment begins. */
    private static final Pattern MARKER = Pattern.compile("(?m)^[ \\t]*(?:/\\*\\*?|\\*|//)");

    /** Stands for code, so that words before and after it are not taken for neighbours. */
    private static final char CODE = '\0';

    private JavaCode() {}

    /** Returns the source with comments and literals blanked out. */
    static String of(String source) {
        char[] code = source.toCharArray();
        Matcher matcher = NOT_CODE.matcher(source);
        while (matcher.find()) {
            for (int i = matcher.start(); i < matcher.end(); i++) {
                if (code[i] != '\n') {
                    code[i] = ' ';
                }
            }
        }
        return new String(code);
    }

    /** Returns the source with code and the asterisks of comments blanked out. */
    static String prose(String source) {
        char[] prose = new char[source.length()];
        for (int i = 0; i < prose.length; i++) {
            prose[i] = Character.isWhitespace(source.charAt(i)) ? source.charAt(i) : CODE;
        }
        Matcher matcher = NOT_CODE.matcher(source);
        while (matcher.find()) {
            String text = matcher.group();
            if (text.startsWith("/")) {
                text = MARKER.matcher(text)
                        .replaceAll(marker -> " ".repeat(marker.group().length()));
            }
            text.getChars(0, text.length(), prose, matcher.start());
        }
        return new String(prose);
    }
}
