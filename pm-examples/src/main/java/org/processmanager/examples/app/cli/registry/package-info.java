/** The commands on processes that outlive the command that starts them. */
@NullMarked
package org.processmanager.examples.app.cli.registry;

import org.jspecify.annotations.NullMarked;
