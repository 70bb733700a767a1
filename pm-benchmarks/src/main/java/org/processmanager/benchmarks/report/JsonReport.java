package org.processmanager.benchmarks.report;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows as one JSON array. Scripts rely on the names; what is not a number is null. */
public final class JsonReport {
    private JsonReport() {}

    public static String of(Report report) {
        StringBuilder json = new StringBuilder("[");
        Iterator<Row> rows = report.rows().iterator();
        while (rows.hasNext()) {
            json.append("\n  ").append(object(rows.next())).append(rows.hasNext() ? "," : "\n");
        }
        return json.append("]\n").toString();
    }

    private static String object(Row row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("suite", row.suite());
        fields.put("case", row.caseName());
        fields.put("candidate", row.candidate());
        fields.put("tag", row.tag());
        fields.put("median", row.median());
        fields.put("min", row.min());
        fields.put("mean", row.mean());
        fields.put("p99", row.p99());
        fields.put("samples", row.samples());
        fields.put("unit", row.unit().symbol());
        fields.put("advantage", row.advantage());
        fields.put("cpuSeconds", row.cpuSeconds());
        fields.put("peakRssBytes", whole(row.peakRssBytes()));
        fields.put("threads", whole(row.threads()));
        fields.put("allocatedBytesPerOp", row.allocatedBytesPerOp());
        fields.put("smallestShare", row.smallestShare());
        fields.put("verified", row.verified());
        StringBuilder object = new StringBuilder("{");
        fields.forEach((name, value) -> object.append(object.length() > 1 ? ", " : "")
                .append(string(name))
                .append(": ")
                .append(value(value)));
        return object.append("}").toString();
    }

    private static Object whole(double value) {
        return Double.isFinite(value) ? (Object) Math.round(value) : Double.valueOf(value);
    }

    private static String value(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number.toString() : "null";
        }
        return value instanceof String text ? string(text) : value.toString();
    }

    private static String string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
