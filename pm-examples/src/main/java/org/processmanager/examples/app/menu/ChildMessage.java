package org.processmanager.examples.app.menu;

import java.util.ArrayList;
import java.util.List;

/**
 * What parent and child say to each other: a number, a word, and rows of fields. The number of a reply is that of its
 * command, so that one which came too late is not taken for the next.
 *
 * <p>As text: number, word and fields are separated by tabs, rows by line feeds; neither stands in a field.
 *
 * @param number of the command
 * @param word what to do, or {@link #OK} or {@link #REFUSED}
 * @param rows what belongs to it
 */
record ChildMessage(long number, String word, List<List<String>> rows) {
    /** A child that is ready, as if it replied to a command of this number. */
    static final long READY = 0;

    static final String OK = "ok";
    /** The first field says why. */
    static final String REFUSED = "refused";

    static final String CREATE = "create";
    static final String LIST = "list";
    static final String STOP = "stop";
    static final String EXIT = "exit";

    private static final String FIELD_END = "\t";
    private static final String ROW_END = "\n";

    static ChildMessage of(long number, String word, String... fields) {
        return new ChildMessage(number, word, fields.length == 0 ? List.of() : List.of(List.of(fields)));
    }

    /** The first field of the first row. */
    String field() {
        return rows.get(0).get(0);
    }

    String encode() {
        StringBuilder text =
                new StringBuilder().append(number).append(FIELD_END).append(word);
        for (List<String> row : rows) {
            text.append(ROW_END);
            for (int i = 0; i < row.size(); i++) {
                text.append(i == 0 ? "" : FIELD_END).append(row.get(i).replaceAll("[\t\n]", " "));
            }
        }
        return text.toString();
    }

    static ChildMessage decode(String text) {
        String[] lines = text.split(ROW_END, -1);
        String[] head = lines[0].split(FIELD_END, -1);
        if (head.length != 2) {
            throw new IllegalArgumentException("not a message between parent and child: " + lines[0]);
        }
        List<List<String>> rows = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            rows.add(List.of(lines[i].split(FIELD_END, -1)));
        }
        return new ChildMessage(Long.parseLong(head[0]), head[1], rows);
    }
}
