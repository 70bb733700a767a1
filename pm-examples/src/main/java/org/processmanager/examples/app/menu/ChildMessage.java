package org.processmanager.examples.app.menu;

import java.util.ArrayList;
import java.util.List;

/**
 * A message between parent and child: a number, a word, and rows of fields. A reply has the number of its command, so that a
 * late reply is not mistaken for the next.
 *
 * <p>As text: number, word and fields are separated by tabs, rows by line feeds; neither occurs in a field.
 *
 * @param number of the command
 * @param word the command, or {@link #OK} or {@link #REFUSED}
 * @param rows its arguments or results
 */
record ChildMessage(long number, String word, List<List<String>> rows) {
    /** The number of the message of a child that is ready. */
    static final long READY = 0;

    static final String OK = "ok";
    /** The first field has the reason. */
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

    /** Returns the first field of the first row. */
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
