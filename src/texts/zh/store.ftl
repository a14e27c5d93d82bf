# 结果文件夹及其中的文件，以及系统对它们的报告。

foreign = “{ $said }”

## texts/value.rs: 系统的报告

system-no-file = 没有这个文件或文件夹（系统错误 { $code }）
system-permission = 没有权限（系统错误 { $code }）
system-not-permitted = 不允许此操作（系统错误 { $code }）
system-exists = 文件已存在（系统错误 { $code }）
system-no-folder = 这不是文件夹（系统错误 { $code }）
system-folder = 这是文件夹（系统错误 { $code }）
system-not-empty = 文件夹不为空（系统错误 { $code }）
system-long-name = 文件名过长（系统错误 { $code }）
system-no-space = 磁盘没有剩余空间（系统错误 { $code }）
system-quota = 超出磁盘配额（系统错误 { $code }）
system-file-too-large = 文件过大（系统错误 { $code }）
system-read-only = 文件系统只读（系统错误 { $code }）
system-io = 输入输出错误（系统错误 { $code }）
system-stale = 文件句柄已失效（系统错误 { $code }）
system-open-files = 打开的文件过多（系统错误 { $code }）
system-memory = 无法分配内存（系统错误 { $code }）
system-unavailable = 资源暂时不可用（系统错误 { $code }）

## store/error.rs

store-read = 无法读取 { $path }：{ $error }
store-remove = 无法删除 { $path }：{ $error }
store-make-folder = 无法建立文件夹 { $path }：{ $error }
store-make = 无法建立 { $path }：{ $error }
store-do = 无法对 { $path } 执行 { $action }：{ $error }
store-full = 磁盘空间不足，无法写入 { $path }：请腾出空间，再执行一次该命令
store-not-empty = { $dir } 不是空文件夹，其中也没有 pointplane 的运行结果（含有 { $found }）：请用 --out 另选文件夹
store-foreign-file = { $path } 占用了位置，但不属于此处的结果：请将其移走，或另选结果文件夹
write-elsewhere = { $error }；可用 --out 写到别处
store-newer = { $path } 的格式为 { $found }，而本程序只识别到格式 { $known }：请使用更新的 pointplane
store-not-a-run = { $dir } 中没有 pointplane 的运行结果：{ $there }
there-nothing = 没有这个文件夹
there-file = 这是文件，不是文件夹
there-empty = 文件夹是空的
there-manifest = 其中的 manifest.json 不属于本程序
there-other = 其中有 { $found }，没有 manifest.json
store-damaged = { $path } 已损坏：{ $why }
store-too-many = { $dir } 中已有编号至 { $last } 的重复，而现在只要 { $wanted } 次：重复只能增加，不能减少；请至少要 { $least } 次，或用 --out 另选文件夹
store-not-a-sweep = { $dir } 中没有扫描结果
store-conflict = 点 { $point }、布局 { $layout }、重复 { $replicate } 的运行有两份不同的结果（{ $first } 与 { $second }）：其中一份不是由本程序在正常的机器上得到的；请移走其中一个文件
store-existing = { $dir } 中已有{ $kind }（{ $status }）：{ $advice }
existing-sweep = 请用 --resume 继续，或用 --out 另选文件夹；--force 将其替换
existing-complete = 请用 --out 另选文件夹，或用 --force 替换
existing-partly = 请用 --out 另选文件夹，用 --force 替换，或用 --resume 完成
store-other = { $dir } 中是{ $what }：{ $differences }{ $may_change }
another-run = 另一次运行的结果，不能继续
another-comparison = 另一次比较的结果，不能继续
another-replay = 另一次重演的结果，不能继续
another-sweep = 另一次扫描的结果
sweep-may-change = ；只有点、重复与格式可以改变：请用 --out 另选文件夹
store-other-model = { $dir } 由模型 { $there }（pointplane { $version }）生成；本程序使用模型 { $here }，其模拟历史不同，因此不能向其中添加结果，也不能在其中合并：其中的数据表仍可读取；请在另一文件夹中重新生成，或用生成它的程序继续
store-not-whole = { $dir } 不完整：{ $problems }；{ $advice }
store-busy = { $who }正在处理 { $dir }：请等其结束（若已被终止，则等一分钟），再重新执行此命令
store-superseded = 其间另一命令对 { $dir } 提出了别的要求（更多的点或重复，或其他派生表）：已完成的均已保存，数据表由该命令生成
store-old-format = { $dir } 由 pointplane 0.1 生成，本版本不能在其上继续：其数据表仍可用其他程序读取；请另选文件夹重新生成，或删除后重新生成：{ $command }
store-not-made = { $dir } 尚未完成（{ $status }）：请用生成它的命令加 --resume 完成
store-incomplete = { $dir } 的 { $replicates } 次重复中有 { $missing } 次未完成：请用生成它们的命令加 --resume 完成
store-names = 数据表与列的名称：{ $problems }
store-unknown = { $dir } 中没有{ $what }；其中有：{ $known }
of-a-job = （某次运行）
job-of-others = { $job } 不属于这些结果
store-data = 数据行与表 { $table } 不符：{ $why }

## store/kind.rs

result-run = 单次布局的模拟结果
result-comparison = 比较结果
result-replay = 重演结果
result-sweep = 扫描结果
result-explanation = 解释结果
standing-running = 正在运行或已被终止
standing-complete = 已完成
standing-partial = 部分完成
standing-interrupted = 已中断
standing-failed = 已失败

## store/folder, store/merge.rs: 谁在处理，缺少什么，如何补救

busy-others = 其他进程
busy-process = { $host } 上的进程 { $pid }
busy-merging = 正在生成数据表的其他进程
missing-mended = 文件缺失：用 --resume 修复
checksum-mended = 校验和与 manifest 不符：用 --resume 修复
other-checksum = 校验和与 manifest 不符
points-of-other-design = 它不属于 { $design } 设计：{ $error }
point-no-id = 有一个点没有代码
design-row-of-none = design_row { $row } 不属于任何设计
log-changed = 先前读到的内容现已不在
log-kept = 第 { $at } 字节处所保存的内容与写入时不符
log-byte = 自第 { $at } 字节起已不是原来写入的内容
log-end = 缺少末尾
frame-too-long = 帧的首部过长
frame-not-written = 有一帧未能写入
file-not-made = { $file } 尚未生成
file-missing = 缺少 { $file }
advice-resume = 用生成它的命令加 --resume 修复
advice-resume-or-again = 用生成它的命令加 --resume 修复，或加 --force 重新生成
advice-again = 用 --force 重新生成
advice-again-as-nothing-is-kept = 没有保存可用来重新生成它们的内容：用 --force 重新运行

## store/manifest.rs

manifest-damaged = { $why }；用生成这些结果的命令加 --force 可重新生成
other-fingerprint = 指纹与其内容不符
no-format-version = 没有 format_version
it-is-too-large = 过大
it-is-empty = 文件是空的
differs-in = { $what }原为 { $here }，现为 { $now }
differs-in-kind = 内容
differs-in-program = 程序版本
program-commit = { $version }（提交 { $commit }）
differs-in-scenario = 情景
differs-in-layout = 布局
differs-in-layouts = 布局列表
differs-in-seed = 种子
differs-in-first = 首次重复的编号
differs-in-replicates = 重复次数
differs-in-format = 文件格式
differs-in-tables = 数据表列表
differs-in-settings = 设定列表
settings-none = 空
differs-in-outcomes = 结果列表
outcomes-values = { $names }（{ $values } 个值）
differs-in-horizons = 时点列表
differs-in-primary = 主要结果（--primary）
differs-in-columns = 数据表的列不同（见 columns.csv），例如 --every 不同
differs-in-resolved = 解析后的情景不同（见 scenario.resolved.toml）
differs-in-one-layout = 布局 { $name } 不同（见 { $file }）
inputs-changed = 输入文件有改动或新增：{ $files }
inputs-gone = 不再读取的输入文件：{ $files }
differs-in-kept = 每次运行所保存的内容不同

## store/table, store/read.rs, store/payload.rs

name-not-snake-case = 不符合 snake_case（a-z、0-9 与 _，以字母开头）
name-too-long = 超过 { $MAX_NAME } 个字符
name-reserved = 是 Stata 的保留字
name-clashes = 与结果中的另一文件同名
has-no-columns = 没有列
table-name = 表 `{ $name }` { $why }
column-name = 列 `{ $name }.{ $column }` { $why }
first-line-not = 首行不是 { $header }
first-line-not-of-columns = 首行与 columns.csv 所述不符
columns-not-of-columns = 各列与 columns.csv 所述不符
unknown-type = 第 { $line } 行：未知的类型 `{ $kind }`
field-not = 第 { $line } 行，列 { $name }：`{ $field }` 不是 { $kind }
code-of-ids = 编码 { $code } 超出 { $ids } 个代码
month-number = 月份编号 { $month } 不在 0 至 9999 年之间
columns-instead = 有 { $is } 列，应为 { $should } 列
column-holds = 列 { $name } 的类型为 { $is }，应为 { $kind }
column-rows = 列 { $name } 有 { $is } 行，而首列有 { $should } 行
column-why = 列 { $name }：{ $why }
table-named = 表 `{ $table }`
column-named = 列 `{ $table }.{ $name }`
table-file = 表文件 `{ $file }`
what-columns-tell = columns.csv 所列者
table-of-a-job = （一次运行）
rows-none = 没有数据行
not-a-table-or-twice = 不属于这些结果，或重复出现
values-instead = 有 { $is } 个值，应为 { $should } 个

## experiment/origin.rs

origin-not-compared = manifest 没有说明比较了什么
origin-not-said = manifest 没有说明所用的情景
origin-not-found = 找不到所用的情景
origin-changed = { $scenario } 的文件此后有改动：{ $files }
origin-not-loaded = 无法载入 { $scenario }：{ $what }

## report/contents.rs, report/export.rs, report/figures/sweep.rs

report-not-merged = { $dir } 中参数扫描的数据表尚未生成：{ $command } 将由已完成的运行生成
report-kind = { $dir } 中是{ $kind }：报告只用于单次布局的模拟、比较或扫描；解释请用其命令阅读
report-steps = { $dir } 的步长为日；报告只显示以月、季或年为步的结果
report-drawing = 无法绘制图：{ $why }
export-no-font = 没有安装任何字体；请安装，例如 Debian 或 Ubuntu 上：apt-get install fonts-noto-core fonts-noto-cjk
export-no-letters = 已安装的字体都没有这些字：{ $letters }；请安装含中文的字体（Debian、Ubuntu：apt-get install fonts-noto-cjk；Fedora：dnf install google-noto-sans-cjk-fonts；macOS 与 Windows 已自带）
export-convert = 无法转换图：{ $why }
table-no-column = 没有列 `{ $name }`
