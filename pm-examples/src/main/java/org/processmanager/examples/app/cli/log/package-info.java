/** Commands on the event log. */
@NullMarked
package org.processmanager.examples.app.cli.log;

import org.jspecify.annotations.NullMarked;
