package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;

/** A stop report in an answer. */
public final class StopAnswer {
    private StopAnswer() {}

    /** Writes the report as an object, or null. */
    public static void write(JsonGenerator json, @Nullable StopReport report) throws IOException {
        if (report == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField(
                "effectiveStep",
                report.effectiveStep().map(StopPolicy.Step::toString).orElse(null));
        json.writeArrayFieldStart("signalled");
        for (long pid : report.signalled()) {
            json.writeNumber(pid);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("survivors");
        for (StopReport.Survivor survivor : report.survivors()) {
            json.writeStartObject();
            json.writeNumberField("pid", survivor.pid());
            json.writeStringField("reason", survivor.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("scanFailure", report.scanFailure().orElse(null));
        json.writeNumberField("durationMillis", report.duration().toMillis());
        json.writeEndObject();
    }
}
