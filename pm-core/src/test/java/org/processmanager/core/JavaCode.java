package org.processmanager.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java source without what is not code. */
final class JavaCode {
    private static final String COMMENT = "//[^\\n]*+|/\\*.*?\\*/";
    private static final String TEXT_BLOCK = "\"\"\"[^\"\\\\]*+(?:(?:\\\\.|\"(?!\"\"))[^\"\\\\]*+)*+\"\"\"";
    private static final String STRING = "\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"";
    private static final String CHARACTER = "'(?:\\\\[^\\n]|[^'\\\\\\n])[^'\\n]*+'";
    private static final Pattern NOT_CODE =
            Pattern.compile(COMMENT + "|" + TEXT_BLOCK + "|" + STRING + "|" + CHARACTER, Pattern.DOTALL);

    private JavaCode() {}

    /** The text with comments and literals blanked out; lines keep their numbers. */
    static String of(String source) {
        Matcher matcher = NOT_CODE.matcher(source);
        return matcher.replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    }
}
