package org.processmanager.benchmarks.multiprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class ParamsProperties {
    @Property(tries = 200)
    void ofLine_afterToString_isEqual(@ForAll @StringLength(max = 40) String value) {
        Params params = Params.of("first", value.replaceAll("\\R", "\n"), "second", 7);
        String line = params.toString();
        assertFalse(line.contains("\n"), line);
        assertEquals(params.toWords(), Params.ofLine(line).toWords());
    }

    @Example
    void ofWords_equalsSignInValue_isKept() {
        assertEquals("a=b", Params.ofWords(List.of("option=a=b")).text("option"));
    }
}
