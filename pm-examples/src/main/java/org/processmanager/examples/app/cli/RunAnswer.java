package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.StopReport;

/** The answer of {@code pm run} for programs. */
final class RunAnswer {
    private RunAnswer() {}

    /** Returns the outcome; without a result nothing was started. */
    static Json.Content of(@Nullable ProcessResult result, @Nullable StopReport report, String endReason) {
        return json -> {
            json.writeStartObject();
            Json.writeNumberField(json, "pid", result == null ? null : result.pid());
            json.writeObjectFieldStart("status");
            writeStatus(json, result == null ? null : result.status());
            json.writeEndObject();
            json.writeStringField("endReason", endReason);
            json.writeNumberField(
                    "durationMillis", result == null ? 0 : result.duration().toMillis());
            json.writeStringField("stdout", result == null ? "" : result.stdoutText());
            json.writeStringField("stderr", result == null ? "" : result.stderrText());
            json.writeBooleanField("truncated", result != null && result.truncated());
            json.writeBooleanField("streamsIncomplete", result != null && result.streamsIncomplete());
            json.writeArrayFieldStart("pipeHolders");
            for (long pid : result == null ? List.<Long>of() : result.pipeHolders()) {
                json.writeNumber(pid);
            }
            json.writeEndArray();
            json.writeFieldName("usage");
            writeUsage(json, result == null ? null : result.usage().orElse(null));
            json.writeFieldName("stopReport");
            StopAnswer.write(json, report);
            json.writeEndObject();
        };
    }

    private static void writeStatus(JsonGenerator json, @Nullable ExitStatus status) throws IOException {
        String kind = status == null ? "notStarted" : "unknown";
        Integer code = null;
        String signal = null;
        if (status instanceof ExitStatus.Exited exited) {
            kind = "exited";
            code = exited.code();
        } else if (status instanceof ExitStatus.Signaled signaled) {
            kind = "signaled";
            signal = signaled.signal().name();
        }
        json.writeStringField("kind", kind);
        Json.writeNumberField(json, "code", code);
        json.writeStringField("signal", signal);
    }

    private static void writeUsage(JsonGenerator json, @Nullable ResourceUsage usage) throws IOException {
        if (usage == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberField("userMillis", usage.user().toMillis());
        json.writeNumberField("systemMillis", usage.system().toMillis());
        long resident = usage.maxResidentBytes();
        Json.writeNumberField(json, "maxResidentBytes", resident > peakOfThisProcess() ? resident : null);
        json.writeEndObject();
    }

    /** Linux counts the memory of pm at the launch as the program's: up to this size the program's own is not known. */
    private static long peakOfThisProcess() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
