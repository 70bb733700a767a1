/** The standard streams: what a command writes, tables, and lines that the user types. */
@NullMarked
package org.processmanager.examples.app.cli.terminal;

import org.jspecify.annotations.NullMarked;
