package org.processmanager.examples.app.cli;

import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names that are similar to a mistyped one: one or two letters are missing, added, replaced, or swapped with their
 * neighbour (the restricted Damerau-Levenshtein distance).
 */
public final class SimilarNames {
    private static final int MAX_FOUND = 3;
    private static final int MAX_LENGTH = 64;
    /** In a shorter name two edits leave too little of it. */
    private static final int MIN_LENGTH_FOR_TWO_EDITS = 5;

    private SimilarNames() {}

    /** Returns the most similar names of executable files in directories, separated as in PATH; the best match first. */
    static List<String> programs(String name, String path) {
        if (name.contains("/")) {
            return List.of();
        }
        Map<String, Integer> found = new TreeMap<>();
        for (String directory : path.split(File.pathSeparator)) {
            String[] files = new File(directory).list();
            for (String file : files == null ? new String[0] : files) {
                if (isSimilar(name, file)) {
                    File program = new File(directory, file);
                    if (program.isFile() && program.canExecute()) {
                        found.put(file, distance(name, file));
                    }
                }
            }
        }
        return best(found);
    }

    /** Returns the most similar ones of some names; the best match first. */
    public static List<String> among(Collection<String> names, String name) {
        Map<String, Integer> found = new TreeMap<>();
        for (String other : names) {
            if (isSimilar(name, other)) {
                found.put(other, distance(name, other));
            }
        }
        return best(found);
    }

    /** Returns the end of a complaint about a name, or nothing if no other is similar. */
    public static String hint(List<String> similar) {
        return hint(similar, "");
    }

    /** Returns the end of a complaint about a name; {@code otherwise} if no other is similar. */
    public static String hint(List<String> similar, String otherwise) {
        return similar.isEmpty() ? otherwise : "; did you mean: " + String.join(", ", similar) + "?";
    }

    private static boolean isSimilar(String name, String other) {
        int maxEdits = name.length() < MIN_LENGTH_FOR_TWO_EDITS ? 1 : 2;
        return name.length() > 1
                && name.length() <= MAX_LENGTH
                && Math.abs(other.length() - name.length()) <= maxEdits
                && distance(name, other) <= maxEdits;
    }

    private static List<String> best(Map<String, Integer> found) {
        List<String> names = new ArrayList<>(found.keySet());
        names.sort(Comparator.comparing(found::get));
        return names.subList(0, Math.min(names.size(), MAX_FOUND));
    }

    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
