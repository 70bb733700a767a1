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
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("suite", row.suite());
        params.put("case", row.caseName());
        params.put("candidate", row.candidate());
        params.put("tag", row.tag());
        params.put("median", row.median());
        params.put("min", row.min());
        params.put("mean", row.mean());
        params.put("p99", row.p99());
        params.put("samples", row.samples());
        params.put("unit", row.unit().symbol());
        params.put("advantage", row.advantage());
        params.put("cpuSeconds", row.cpuSeconds());
        params.put("peakRssBytes", whole(row.peakRssBytes()));
        params.put("threads", whole(row.threads()));
        params.put("allocatedBytesPerOp", row.allocatedBytesPerOp());
        params.put("smallestShare", row.smallestShare());
        params.put("verified", row.verified());
        StringBuilder object = new StringBuilder("{");
        params.forEach((name, value) -> object.append(object.length() > 1 ? ", " : "")
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
