# 情景、布局或计划中的问题：`pointplane check`。
# 一个问题依次为：严重程度，文件:行，键或单元格 = 值，问题所在，允许的取值，最相近的名称。

problem-error = 错误：
problem-warning = 警告：
problem-cell = 第 { $row } 行，列 `{ $column }`
problem-row = 第 { $row } 行
problem-column = 列 `{ $column }`
problem-value = { $name } = { $value }:{" "}
problem-of = { $name }:{" "}
problem = { $head }{ $place }: { $subject }{ $what }{ $allowed }{ $nearest }
problem-allowed = ；允许：{ $allowed }
problem-nearest = ；是否应为 `{ $nearest }`？
problem-nearest-written = ；是否应为 `{ $nearest }`？两者看起来相同，那里的字符是 { $others }，这里是 { $own }
problems-more = 另有 { $n } 个
problems-errors = { $n } 个错误
problems-warnings = ，{ $n } 个警告
problems-not-listed = ，{ $n } 个未列出

## scenario/conform.rs

pattern-name = 拉丁字母（A-Z、a-z）、数字、`-` 与 `_`，以字母或数字开头
pattern-id = 小写拉丁字母（a-z）、数字与 `_`，以字母开头
pattern-month = 带引号的月份，"YYYY-MM"
pattern-month-or-never = 带引号的月份 "YYYY-MM"，或 "never"（从不）
expected-found = 应为{ $wanted }，实为{ $kind }{ $advice }
not-a-choice = 不是可选值之一
expected-text = 应为文本，实为{ $kind }
unknown-key = 未知的键
unknown-key-under = 未知的键：`{ $key }` 在这里属于 [{ $table }]：请写在第一个 [表] 之前
unknown-key-there = 未知的键：`{ $other }` 已经给出
missing-key-about = 缺少必需的键（{ $about }）
missing-key = 缺少必需的键
wrong-form-write = 书写形式不对：应写作 "{ $month }"
wrong-form = 书写形式不对
is-empty = 为空
out-of-range = 超出范围
advice-number = ：写作 { $number }，不加引号
advice-numbers = ：写作 { $number }，不加引号；小数写作 { $other }
advice-list = ：写作 ["{ $text }"]
advice-bool = ：写作 { $text }，不加引号
advice-switch = ：写作 { $text }
advice-month = ：写作 "{ $month }"
kind-table = 表
kind-list = 列表
kind-quoted = 带引号的文本
kind-text = 文本
kind-bool = true 或 false
kind-whole = 整数
kind-number = 数
kind-other = 其他值

## scenario/parse.rs

too-deep = 嵌套过深
levels = { $DEEPEST } 层
cr-alone = 各行仅以 CR 结尾（旧式 Mac 格式）：请改用其他换行符保存
whole-too-large = 整数过大
not-finite = 必须是有限的数

## scenario/cells.rs

range-above = 大于 { $least }，至多 { $most }
range-from-to = { $least } 至 { $most }
range-unit = { $range }（{ $unit }）
not-a-number-slip = 不是数：{ $what }
not-a-number-empty = 不是数：未知之处请留空
not-a-number-degrees = 不是数：请写十进制度，例如 10°30′ 写作 10.5
not-a-number = 不是数
not-whole-write = 不是整数：写作 { $number }
not-whole-point = 不是整数：如果点号是千位分隔符，写作 { $whole }，否则写作 { $number }
not-whole = 不是整数
range-whole = { $least } 至 { $most } 的整数
not-a-month-write = 不是月份：写作 { $month }
not-a-month-year = 不是月份而是年份：写作 { $month } 或该年的其他月份
not-a-month = 不是月份
month-form = `{ $month }` 不是月份：写作 YYYY-MM，例如 2013-09
empty-but-needed = 为空，但此处必填
not-an-id-write = 不能作为代码：写作 { $joined }
not-an-id = 不能作为代码
allowed-id = 1 至 { $LONGEST_ID } 个字符，不含空格与 `|`

## scenario/sheet.rs

cells-by-commas = 单元格以逗号分隔
header-again = 此处又出现了表头
row-full-width = ；其中有全角逗号（，）：请写 ,
row-quote = ；含逗号的单元格要加引号
row-length = 有 { $has } 个单元格，而表头有 { $needs } 个{ $hint }
table-empty = 表为空；需要这些列：{ $columns }
table-no-rows = 表只有表头，没有数据行
cells-semicolons = ';'；请另存为以逗号分隔、以点为小数点的 CSV
cells-tabs = 制表符；请另存为以逗号分隔的 CSV
cells-full-width = 全角 { $c }：请写 ','
cells-by = 单元格的分隔符是 { $words }
too-many-columns = 有 { $n } 列
column-nameless = 第 { $position } 列没有名称
column-index = 第 { $position } 列似乎是 pandas 或 R 写出的行号：保存时不要写出它（pandas：index=False；R：row.names = FALSE）
separator-line = 这一行只供 Excel 使用：请删去
unknown-column = 未知的列（说明请放在以 `note` 开头的列中）
column-twice = 有两列同名
column-missing = 缺少必需的列

## scenario/records.rs

cannot-read = 无法读取：{ $error }
row-too-long = 该行过长
quote-open = 单元格中的引号没有闭合

## scenario/checks.rs

quality-sum = quality_base 与 quality_gain 之和为 { $sum }
sum-below-1 = 和小于 1
shares-sum = direct_share 与 indirect_share 之和为 { $sum }
sum-at-most-1 = 和至多为 1
needs-key = 还需要 `{ $other }`
ends-before-start = 模拟在开始（{ $start }）之前就结束了
run-months = 模拟有 { $months } 个月
months-allowed = 1 至 { $LONGEST_RUN } 个月
month-not-after = 不晚于前一个月份（{ $before }）
evaluations-outside = 有 { $n } 次评估在模拟期（{ $start } 至 { $end }）之外：{ $list }
range-share = 0 至 1（份额）
domain-no-share = 领域 { $id } 在层 { $layers } 上没有份额（不传播处请写 0）
domain-shares-sum = 领域 { $id } 的份额之和为 { $sum }
sum-of-1 = 和为 1
domains-all-0 = 所有领域的份额都是 0
no-layer = 没有这个代码的层
already-taken-at = 已在 { $file }:{ $line } 使用
of-unused = { $of } 不使用此键
with-variants = 用于 { $variants }
of-needs = { $of } 需要此键
of-rule = 规则 `{ $name }`
unknown-file-kind = 未知的文件类型
ends-csv-gal-gwt = 以 .csv、.parquet、.gal、.gwt 或 .kwt 结尾的名称

## scenario/load.rs

tables-no-place = 这些表中没有任何地方
no-place-has-it = 没有任何地方有它
opens-after-end = 设立晚于模拟期末（{ $end }）
only-zones-open = 只有片区可以设立，但 { $id } 是 { $kind }
only-zones-close = 只有片区可以撤销，但 { $id } 是 { $kind }
closes-candidate = 该片区从未设立，无从撤销：请给出设立月份，或把撤销写为 "never"
closes-before-opening = 撤销月份不晚于设立月份（{ $open }）：片区须在设立之后才能撤销
closes-before-start = 撤销早于模拟期开始（{ $start }），因此不参与本次模拟
closes-after-end = 撤销晚于模拟期末（{ $end }）
no-zone = 没有这个代码的片区
transit-layer-needed = 必须给出，因为 { $id } 是中转口岸
gateways-unlinked = 未给出，因此 { $gateways } 个口岸没有任何联系
table-no-firm = 此表中没有企业
table-memory = 约 { $rows } 行，仅读入就需要约 { $needed } 内存，而可用 { $available }；请用较小的表，或内存更多的机器或作业
firms-memory = 约 { $firms } 家企业、{ $links } 条联系，仅读入就需要约 { $needed } 内存，而可用 { $available }；请减少企业或联系

## scenario/layout.rs

alliance-not-active = 此联盟未参与
changes-nothing = 没有改变任何内容
alliance-begins-after-end = 联盟的开始晚于结束
drops-all-alone = "*" 移除所有联盟：应单独使用
alliance-nothing-to-drop = 此联盟未参与：无可移除
alliance-active-already = 此联盟已参与
no-alliance = 没有这个代码的联盟
id-taken-at = 此代码已在 { $file }:{ $line } 使用
allowed-id-64 = 1 至 64 个字符，不含空格与 `|`
named-twice = 重复列出
alliance-not-active-merge = 此联盟未参与，不能合并
merged-begins-after-end = 合并后的联盟开始晚于结束

## scenario/sources.rs

scenario-allowed = 含 scenario.toml 的文件夹，或一个 TOML 文件
one-of-files = 其中一个文件：{ $names }
extends-circle = 文件循环继承：{ $files }
extends-many = 继承的文件过多
extends-most = { $LONGEST_CHAIN } 个文件
layout-as-scenario = 这是布局，不是情景：请给出它所属的情景，并用 --layout 给出此文件
scenario-no-layouts = 该情景没有布局
scenario-as-layout = 这是情景，不是布局：请在情景的位置给出
layout-cannot-set = 布局不能设定此项
set-form = 应为 键=值
set-example = 例如 line.beta=0.1
set-path = 键的路径不完整
set-cannot = 命令行不能设定此项
list-no-id = 列表有 { $items } 项，没有代码为 `{ $key }` 的一项
lies-below = `{ $key }` 位于{ $kind }之下

## scenario/firms.rs

beside-other = 与 `{ $other }` 同时给出：只能给出其一
ends-csv-parquet = 以 .csv 或 .parquet 结尾的名称
bound-not-above = 不大于前一个界限（{ $before }）
least-employees = 至少 1（员工）
not-above-last-bound = 不大于最后一个界限
above-last = 大于 { $last }
mean-above-most = 均值大于 `most_partners`
from-0-to = 0 至 { $most }
no-domain = 没有这个代码的领域
range-million = 0 至 1000000
already-taken = 已被使用
industries-all-0 = 所有产业的份额都是 0
firms-need-regions = 企业位于地区，而没有一个地方是地区
gives-firms = 得出 { $firms } 家企业
most-firms = 至多 { $MOST_FIRMS } 家企业
gives-firms-weights = 得出 { $firms } 家企业：各地区权重之和为 { $weight }；`people_per_weight` 是否正确？
industry-no-firms = 该产业没有企业
industry-firms-bare = 只有在 { $bare } 个所有产业都没有权重的地区才有该产业的企业
industry-no-weight = 产业 `{ $id }` 有份额，但没有一个地区对它的权重大于 0（`industry_{ $id }`），因此{ $rest }；在其他地方，其份额归于该地区的其他产业
pair-given = 这一对产业已经给出
industry-no-partner = 产业 { $id } 没有份额大于 0 的伙伴
no-industry = 企业中没有这个代码的产业
id-taken = 此代码已被使用
no-place = 没有这个代码的地方
firms-at-regions = 企业位于地区，但 { $id } 是 { $kind }
no-firm = 没有这个代码的企业
own-partner = 企业不能是自己的伙伴
firm-partners = 企业 { $firm } 有 { $n } 个伙伴
at-most-partners = 至多 { $MOST_PARTNERS }
partner-already = 该企业已有此伙伴

## scenario/gateways.rs

only-source-share = 只有规则来源才有份额
link-given = 与 { $place } 的联系已在第 { $line } 行给出
role-needs = 角色 `{ $role }` 需要 { $wanted }，但 { $id } 是 { $kind }
entry-region = 入口应为地区，但 { $id } 是 { $kind }
must-be-zone = 必须是片区或片区的组，但 { $id } 是 { $kind }
no-zone-or-group = 没有这个代码的片区或片区组
provisions-twice = { $gateway } 的份额之和为 { $sum }：其条款会被多次试行
gateways-no-link = 没有任何联系的口岸：{ $list }
tasks-given = 该地方在这个月的任务已在第 { $line } 行给出
outside-run = 在模拟期（{ $start } 至 { $end }）之外
candidate-never-opens = { $zone } 是永不设立的候选片区
closed-by-then = { $zone } 届时已撤销（{ $close }）

## scenario/gal_gwt.rs

gal-header = 表头必须是 `n` 或 `0 n shapefile idvar`，n 为地方数
gal-expected = 应为代码及其邻居数
gal-record-twice = 该地方已有记录
gal-missing = 缺少 { $id } 的 { $count } 个邻居
gal-count = { $id } 声明有 { $count } 个邻居，但列出了 { $found } 个
hears-itself = 地方不能与自己相连
gal-announced = 表头声明有 { $announced } 个地方，但文件中有 { $records } 个
gwt-expected = 应为两个代码和一个权重，实有 { $n } 个词
weight-positive = 权重必须是正的有限数
gwt-announced = 表头声明有 { $announced } 个地方，但有邻居的有 { $listeners } 个

## scenario/places.rs

mix-some = 有些领域有构成列，有些没有：缺少 { $missing }
shares-together = `direct_share` 与 `indirect_share` 须同时给出：缺少其一
not-industry-id = 不能作为产业代码
allowed-industry-id = 小写拉丁字母（a-z）、数字、`_`，至多 23 个字符
industries-too-many = { $places } 个地方、{ $industries } 个产业，超出容量
cells-most = { $MOST_INDUSTRY_CELLS } 个单元格
group-has-place-id = 片区组使用了一个不属于它的地方的代码
several-capitals = 有 { $n } 个省不止一个省会：{ $list }
no-zone-at-all = 没有片区：不会产生任何创新
no-weight-for-circles = 没有地区，也没有计入权重的片区，因此不能形成圈、轴与面：请在权重应计入的片区的 `carries_weight` 列填 1，或将 `line.structures` 设为 false
host-region = 所在地必须是地区，但 { $host } 是 { $kind }
host-province = 所在地位于另一省（{ $other }），与片区所在省（{ $own }）不同

## scenario/place_doubts.rs, scenario/doubts.rs, scenario/alliance_doubts.rs: allowed, and perhaps not meant

names-joined = 似乎是用 `{ $sign }` 连接的几个名称，却算作一个，共 { $n } 行：几个城市群之间用 `|` 连接
name-joined = 似乎是用 `{ $sign }` 连接的几个名称，却算作一个，共 { $n } 行：一个地方只有一个 { $column }
name-alike = 与 `{ $other }` 只是写法不同：{ $n } 个地方用它，{ $m } 个用 `{ $other }`，算作两个名称
name-undeclared = 共 { $n } 行，但不在 `{ $list }` 之中，而其他的在
places-at-zero = 有 { $n } 个地方位于经度 0、纬度 0，那里是海：{ $list }
host-far = { $id } 距其所在地 { $km } 公里
place-misplaced = { $id } 距各地的中心 { $km } 公里；若在经度 { $lon }、纬度 { $lat }，则距中心 { $there } 公里：是否有误？
weights-few = { $inland } 个片区和地区中只有 { $n } 个计入全国指标（{ $list }），因为片区只有标明计入权重才计入：有 { $weighed } 个片区的权重没有计入；请在这些片区的 `carries_weight` 列填 1，或不列入地区
weight-takes-all = { $id } 占全部 { $inland } 个片区和地区权重的 { $share }，全国指标几乎只反映它自身
word-of-nothing = 被当作名称，共 { $n } 行：未知时单元格应留空（R：write.csv(…, na = "")）
not-seen = 含有看不见的字符（{ $codes }），共 { $n } 行：看起来相同的两个名称可能并不相同
id-garbled = R、pandas 与 Excel 会把 { $n } 个代码读成数字、开关值或缺失值（{ $list }）：在那里把代码列读作文本（见 docs/results.md），或在前面加一个字母
is-formula = 开头像公式，Excel 会执行，共 { $n } 行：请在前面加另一个字符
alliances-overlap = 联盟 { $id } 与 { $other } 从 { $from } 至 { $to } 共有 { $n } 个成员（{ $list }）：这些成员之间的联系重复计算；请在一个开始之前结束另一个，或只保留一个
alliance-early = 联盟 { $id } 从 { $from } 开始，但最早到 { $second } 才有两个成员能派出代表，晚 { $months } 个月
alliances-outweigh = 联盟使 { $n } 个成员接收的影响增加一倍以上：最多时，从 { $month } 起 { $member } 在 { $domain } 上接收的影响增加 { $sum }，而它的其他所有联系合计为 1

## scenario/corridors.rs

id-taken-line = 此代码已在第 { $line } 行使用
no-corridor = 没有这个代码的走廊
segment-order = 该段在第 { $line } 行的次序为 { $order }
in-segment-already = 已在该段之中
segment-same-order = 走廊 { $corridor } 的段 { $id } 与段 { $other }（第 { $line } 行）次序相同
corridor-no-segments = 走廊 { $id } 没有段
corridor-gap = 走廊 { $corridor } 中断：在次序为 { $after } 的段 { $id } 之前，没有次序为 { $missing } 的段
not-in-corridor = { $kind } 不能位于走廊中
zones-and-regions = 片区与地区
no-place-has = 没有任何地方属于此 { $word }

## scenario/catalogue.rs

begins-after-end = 开始晚于结束（{ $to }）
member-already = 已是此联盟的成员
alliance-joins = 联盟 { $id } 中能有代表的成员只有 { $n } 个；需要两个
alliance-joins-unable = 联盟 { $id } 中能有代表的成员只有 { $n } 个；需要两个（在其月份内没有存续的片区，或没有联动区：{ $unable }）
alliance-never-acts = { $id }：此联盟从不起作用：其日期在模拟期之外
alliance-no-delegate = 联盟 { $id } 有成员始终没有代表（在其月份内没有存续的片区，或没有联动区）：{ $unable }
no-zone-in-group = 没有片区属于这个代码的组
no-place-in-province = 没有地方位于这个省
member-no-place = 只有片区和地区可以是成员
member-twice = 联盟 { $id } 的成员 { $place } 同时也通过成员 { $other } 参与：请去掉其中之一
no-member = 这个联盟没有此代码的成员

## scenario/weights.rs

more-than = 多于 { $n }
ids-no-places = 有 { $count } 个代码不是本情景中的地方：{ $names }
link-given-line = 此联系已在第 { $first } 行给出
places-not-in-file = 情景中有 { $n } 个地方不在此文件中：{ $list }
places-no-neighbour = 有 { $n } 个地方没有邻居：{ $list }
links-deaf = 有 { $deaf } 条联系的受影响方是口岸，而口岸从不采纳
weights-distances = 权重随两地的距离增大（相关系数 { $r }，每公里 { $per_km }），因此最远的地方影响最大：这些是距离吗？请改用随距离递减的权重，例如 1/公里
weights-matrix = 这是所有地方两两之间的完整矩阵：请每条联系写一行

## scenario/parquet.rs

not-parquet = 不是 Parquet 表：{ $error }
parquet-codec = 以 { $codec } 压缩，本程序不能读取：保存时请用 compression = "snappy" 或 "zstd"
parquet-type = 单元格的类型是 { $kind }
parquet-types = 每个单元格一个文本、数字、开关值或日期
cell-too-long = 单元格有 { $n } 字节
cell-longest = 至多 { $LONGEST_CELL } 字节

## scenario/place.rs

region-needs-weight = 地区需要权重
exchanged-degrees = 超出范围：lon 与 lat 似乎互换了
zone-needs-weight = 计入权重的片区需要权重
region-carries-weight = 地区的权重总是计入
empty-or-1 = 留空或填 1
above-0 = 大于 0
kind-has-no = { $kind } 没有 { $column }
empty-except = 留空，除非是 { $kinds }
agglomerations-form = 城市群须为不同的代码，以 `|` 连接
mix-all-0 = 领域构成的权重都是 0
direct-sum = 直接与间接份额之和为 { $sum }

## scenario/tree.rs

kind-date = 未加引号的日期
kind-something = 其他内容
names-more = { $list } 等，另有 { $more } 个
items-size = 有 { $size } 项
characters-size = 有 { $size } 个字符
items-from = 至少 { $least } 项
items-from-to = { $least } 至 { $most } 项
characters-from = 至少 { $least } 个字符
characters-from-to = { $least } 至 { $most } 个字符

## units of allowed ranges

range-least = 至少 { $least }
range-most = 至多 { $most }
unit-of-adoptions = 采纳
unit-of-benefit = 收益
unit-of-blocks = 区块
unit-of-degrees = 度
unit-of-employees = 员工
unit-of-exposure = 暴露度
unit-of-factor = 倍数
unit-of-firms = 家企业
unit-of-km = km
unit-of-levels = 水平
unit-of-links = 条联系
unit-of-months = 月
unit-of-multiplier = 乘数
unit-of-partners = 伙伴
unit-of-people = 人
unit-of-people-or-gdp = 人口或 GDP
unit-of-per-month = 每月
unit-of-places = 地方
unit-of-points = 点
unit-of-quality = 质量
unit-of-rows = 行
unit-of-segments = 段
unit-of-share = 份额
unit-of-trajectories = 轨迹
unit-of-weight = 权重

## scenario/files.rs

not-a-file = 这不是文件
file-name-utf8 = 文件名不是 UTF-8
file-no-name = 文件没有名称
path-slash = 路径中请用 / 而不是 \
path-leaves = 路径超出了情景的文件夹
path-leaves-link = 路径经由链接超出了情景的文件夹
no-such-file = 没有这个文件
file-not-allowed = 没有读取该文件的权限
file-cannot-read = 无法读取文件：{ $error }
is-folder = 这是文件夹，不是文件
is-pipe = 这不是文件，而是管道或设备
line-wrong = 第 { $line } 行{ $what }
file-too-large = 文件有 { $size } 字节，超过可读取的 { $largest } 字节

## scenario/slips.rs

slip-comma = 在 { $value } 之前缺少逗号
slip-quote-open = 引号 { $quote } 没有闭合
slip-lower = { $lower } 应小写
slip-month = 月份要加引号：{ $better }
slip-text = 文本要加引号："{ $text }"
slip-percent = 百分比应写作小数：{ $better }
slip-thousands = 写作 { $joined }，不用分隔符；小数写作 { $better }
slip-decimal = 小数点应为点：{ $better }
slip-separators = 写作 { $better }，不用分隔符
slip-plain = 写作 { $half }，用半角字符
slip-straight = { $c } 不是直引号：写作 "{ $inner }"
slip-space = 全角或不换行空格：请用普通空格
slip-full = { $c } 是全角字符：请写 { $plain }
slip-colon = 键与值之间用 `=`，不用 `:`

## scenario/syntax.rs

toml = 不是合法的 TOML：{ $what }
toml-table-twice = 键重复：此表已经存在，请把它的键写在一起
toml-key-twice = 键重复：它已有值
toml-closing = 值的末尾缺少 `{ $closing }`
toml-table = 表应写作 { $before }{ $name }{ $after }，独占一行
toml-comment = （注释以 # 开头）
toml-slash = （路径中请用 / 而不是 \）
toml-pair = （请写作 键 = 值）

## scenario/encoding.rs

kind-excel = Excel 工作簿或其他 ZIP 压缩包
kind-old-excel = 旧式 Excel 工作簿
kind-parquet = Parquet 文件
kind-pdf = PDF 文档
kind-compressed = 压缩文件
kind-database = 数据库
not-text-kind = 这是{ $kind }，不是文本：请把表另存为 "CSV UTF-8"
utf16-little = UTF-16（小端，即 Windows 的 "Unicode 文本"）
utf16-big = UTF-16（大端）
not-text-binary = 这不是文本，而是二进制数据
not-utf8-but = 不是 UTF-8 文本，而是 { $wide }：{ $save }
read-as = 按字节顺序标记，以 { $wide } 读取；其他程序读取 UTF-8 更为可靠
save-utf8 = 请存为 UTF-8（在 Excel 中：另存为 "CSV UTF-8（逗号分隔）"）
not-utf8-seems = 不是 UTF-8 文本；似乎是 { $name }：{ $save }
encoding-gbk = GBK 或 GB18030（中文 Excel 的编码）
encoding-western = Windows-1252 或其他西欧编码
encoding-asian = GBK、Big5 或其他东亚编码
toml-remark = { $message }{ $remark }
and-too = { $first }；{ $second }

## experiment/explain/mod.rs

explain-places = 两种布局的地方不同，或相同代码的类型不同
explain-same-places = 地方相同的两种布局
explain-firms = 两种布局的企业不同，或只有一种有企业，或 demand_pull、partner_effect、stock_ref 不同
explain-same-firms = 企业相同的两种布局
explain-no-innovation = 在这次重复中，两个世界都没有这项创新

## experiment/sweep/kept.rs

no-outcome = 没有这个名称的结果
outcomes-list = `pointplane outcomes` 所列者
no-measure = 没有这个名称的指标

## experiment/sweep/layouts.rs

bca-of-few = 只有 { $replicates } 次重复，区间采用 t：bca 至少需要 { $least } 次
layout-named-twice = 此布局重复列出
variant-changes-nothing = 变体须改变某些内容：应为布局文件或其名称
not-one-of-layouts = 不是所列布局之一
layout-same-name = 名为 { $name }，与另一布局同名

## cli/compare.rs

occupied-add = ，或用 --resume 和更大的 --replicates 增加重复
occupied-complete = ，或用 --resume 完成
occupied = { $dir } 中已有 { $layouts } 与基准 { $base } 的比较（{ $status }，{ $n } 次重复）：请用 --out 另选文件夹，或用 --force 替换{ $resume }

## cluster/words.rs

word-not-utf-8 = { $word } 不是 UTF-8，而集群脚本必须是：请换一个名称
word-control = { $word } 含有换行或其他控制字符，集群脚本无法表示：请换一种写法
word-backslash = { $word } 含有反斜杠，Slurm 无法在那里写入：请换一个名称

## cli/session.rs

without-resume = ：要新开始请去掉 --resume

## cli/explain.rs

no-replicate = 没有这个编号的重复
from-0-to-n = 0 至 { $most }
no-place-named = 没有这个代码或名称的地方
places-same-name = 有多个地方使用此名称
one-id = 代码之一：{ $ids }
gateway-never-adopts = 口岸从不采纳
zone-or-region = 片区或地区
innovation-form = 片区、一个点、自 1 起的序号：如 innovations 表所列
not-an-innovation = 不是创新的代码
not-a-month-of-run = 不是模拟期内的月份
months-from-to = { $start } 至 { $end }

## cli/check.rs

layout-whose = 这是布局：请指明它属于哪个情景
layout-whose-option = --scenario 加情景的文件夹或文件

## cli/sweep/summary.rs

sweep-none-named = 此扫描中没有这个名称

## experiment/compare/plan.rs

not-month-of-run = 不是模拟期内的月份
too-long-compare = 过长，无法比较：至多 { $most } 个月
layout-same-name-as = 名为 { $name }，布局 { $other } 也是：请为其中之一另取名称
is-not-month = 不是月份
month-example = YYYY-MM，例如 2025-12
above-max-replicates = 大于 --max-replicates
from-2-to = 2 至 { $most }
must-be-range = 应为 KEY=FROM..TO（参数=下限..上限），例如 line.beta=0.02..0.1；有 --priors 或 --posterior 时可只写参数，取抽样的范围
draws-of-nothing = 参数并未抽样
range-backwards = 下限必须小于上限
range-of-no-draws = 没有给出范围，而参数并未抽样，无从取得范围
range-not-drawn = { $file } 不对该参数抽样，因而没有范围
range-drawn-or = { $keys }；或写作 KEY=FROM..TO
information-of-draws = 说明的是某项统计对参数抽样的价值，而参数并未抽样
values-of-a-share = 后续取值取决于先前结果，因此不能分片：请去掉 --shard，或对该参数做网格扫描
must-be-width = 应为 结果=宽度，例如 mean_stock=0.05
by-corridor = 按走廊给出：请取全国的结果
takes-no-horizon = 是某事首次发生的月份：没有时点
width-of-a-share = 一个分片的重复不足以说明需要多少次：请给出 --replicates，待全部分片完成后再用 --resume 达到所要的宽度
width-not-positive = 宽度不是正数：请写作例如 mean_stock=0.05

## experiment/compare/side.rs

layouts-cannot-compare = 无法比较：布局 { $name } { $what }
layouts-months = 自 { $start } 至 { $end }，而 { $base } 自 { $base_start } 至 { $base_end }：月份不同
layouts-seed = 的种子为 { $seed }，而 { $base } 为 { $base_seed }：随机种子不同的布局不能配对
layouts-domains = 的领域为 { $domains }，而 { $base } 为 { $base_domains }：创新所属领域不同
layouts-kind = 有与 { $base } 代码相同而类型不同的地方：{ $all }
layouts-column = 的 { $column } 与 { $base } 不同（{ $all }）：其{ $kind }不一致

## experiment/build.rs

islands = 有 { $n } 个地方没有指向它的基础联系；只有联盟、轴、中转与复制推广能到达：{ $list }
circles-never = { $of } 个片区中有 { $n } 个永远不能形成圈：{ $list }（括号中为线最多能到达的腹地权重份额；需要 { $needed }；无份额者没有线通往腹地内的其他地方）
cut-off = 有 { $n } 个地方无法从任何会设立的片区到达：{ $list }

## experiment/sweep/plan.rs

plan-is-scenario = 这是情景，不是计划：计划用 `scenario` 指明其情景
plan-cannot-set = 不能在此设定：种子与重复次数由计划本身给出
plan-as-scenario = 这是计划，不是情景
too-long-sweep = 过长，无法扫描：至多 { $most } 个月
too-many-runs = 共有 { $n } 次运行
most-runs = 至多 { $most }：请减少点、布局或重复
about-firms = 与企业有关，而情景中没有企业
scenario-with-firms = 含表 [firms] 的情景
too-many-values = 每次运行将保存 { $n } 个值
most-values = 至多 { $most }：请减少结果、组、时点或逐月的行
point-same-id = 两个点恰好代码相同：请换一个设计种子

## experiment/sweep/design.rs

not-a-parameter = 指的不是本设计的参数
no-point-satisfies = 没有点满足约束
nothing-varies = 没有变动的参数：至少给出一个
grid-no-distribution = 网格没有分布：请给出 levels，或 from、to 与 steps
of-grid-parameter = 网格的参数
levels-or-steps = levels，或 from、to 与 steps
of-parameter = 参数

## experiment/sweep/list.rs

list-only-column = 列表的取值在其文件中：只能给出 `column`
not-csv = 不是 CSV 表：{ $error }
list-columns = 有 { $n } 列，超过 { $most } 列
list-two-columns = 该参数有两列
list-no-column = 没有 { $key } 的列
list-cells = 有 { $n } 个单元格，应为 { $needs } 个
is-not-finite = 不是有限的数
list-rows = 超过 { $most } 行
list-no-point = 没有任何点
list-few-rows = { $file } 的行数不足
cannot-be-read = 无法读取：{ $error }
cannot-be-read-file = 无法读取：这不是文件
list-bytes = 有 { $size } 字节，超过可读取的 { $largest } 字节

## experiment/sweep/parameters.rs

cannot-be-varied = 不能变动：一次扫描的所有运行有相同的月份、地方与随机冲击
no-such-key = 情景中没有这个键
not-variable = 不是数、选项或开关：其他类型不能变动
is-there-twice = 重复出现
column-name-wrong = 其列 { $column } { $why }
other-column-name = 用 `column` 另取名称

## experiment/sweep/variants.rs

refused-advice = { $error }{ $advice }
layouts-regions = 地区
layouts-zones = 片区
layouts-carriers = 计入权重的地方
layouts-has = 有{ $kind } { $all }，而 { $base } 没有：其均值所涵盖的地方不同
layouts-lacks = 没有{ $kind } { $all }，而 { $base } 有：其均值所涵盖的地方不同
of-design = { $name } 设计

## design/constraint: 计划中的约束

constraint-parse = 第 { $column } 个字符处：应为{ $expected }，实为{ $found }
constraint-condition = 条件
constraint-name = 名称
constraint-comparison = 比较式，例如 `a < b`
constraint-longest = 至多 { $LONGEST } 字节
constraint-opening = 与之配对的左括号 `(`
constraint-operator-or-end = 运算符、`and`、`or` 或结尾
constraint-nesting = 至多 { $DEEPEST } 层嵌套
constraint-as-left = 与左侧同类的{ $kind }
constraint-closing = 运算符或右括号 `)`
constraint-atom = 数、参数名、带引号的文本或 `(`
constraint-function = 函数（{ $known }）
constraint-argument = 运算符、`,` 或右括号 `)`
constraint-one-value = `{ $name }( )` 中仅有一个值
constraint-text = 文本 "{ $text }"
constraint-end = 结尾
constraint-not = `not` 或 `!=`
constraint-word = 名称、数或运算符
constraint-number-such = 形如 0.5 或 1e-3 的数
constraint-quote = 与此处配对的右引号 { $quote }
constraint-backquotes = 反引号之间的名称
constraint-none = 空白
constraint-no-value = `{ $name }` 没有值
constraint-kind = `{ $name }` 为{ $found }，而此处需要{ $needed }
constraint-unlike = { $left }与{ $right }类型不同，不能比较
constraint-value = { $kind } { $value }
constraint-the-value = 该值

## design: 分布、水平、规模

level-number = 数
level-text = 文本
level-flag = 逻辑值
no-finite-number = { $value } 不是有限的数
levels-empty = 为空：至少写一个值
whole-numbers-only = { $value } 不是整数，而此参数只取整数
levels-of-one-kind = { $value } 是{ $this }，而 { $other } 是{ $first }：请写同一类型的值
levels-twice = { $value } 重复出现
log-not-above-0 = { $min } 不大于 0，无法取对数
mode-outside = { $mode } 不在 min { $min } 与 max { $max } 之间
max-not-above = { $max } 不大于 min { $min }
sd-not-above-0 = { $sd } 不大于 0
normal-cut = 均值为 { $mean }、标准差为 { $sd } 的正态分布几乎没有落在 min 与 max 之间的部分：请将二者移近均值，或改用其他分布
weights-count = { $values } 个值却有 { $weights } 个权重
not-a-weight = { $value } 不能作权重：应为 0 或更大的数
weights-sum = 其和为 { $sum }：至少应有一个大于 0
parameter-twice = 参数 `{ $name }` 重复出现
design-no-points = 设计的{ $what }数为 0：至少应为 1
design-parameter = `{ $parameter }`：{ $key } { $message }
design-needs = { $design } 设计中，`{ $parameter }` 需要{ $needs }
needs-levels = levels（或 from、to 与 steps）
needs-distribution = 分布（若为一列值，则用 discrete）
design-endless = `{ $parameter }` 的分布有一侧无界：morris 设计会取到每个分布的两端，请给出 min 与 max
morris-levels = levels 为 { $levels }：morris 设计的水平数应为 2 至 1000 之间的偶数，通常为 4
design-too-many = 此设计有 { $count } 个点（{ $how }），而至多 { $most } 个：{ $advice }
about-power = 约 10^{ $digits }
ask-for-fewer = 请减少
fewer-levels = 请减少水平数，或改用 sobol 或 latin-hypercube，点数以能够运行为限
rows-of-list = 列表的行
split-list = 请拆分列表
sobol-columns = 此规模的 { $design } 设计需要 Sobol 序列的 { $columns } 列，而该序列只有 { $most } 列：请减少变动的参数，或改用 random 或 latin-hypercube
maximin-points = maximin 选项至多用于 { $most } 个点，而非 { $points } 个：请去掉该选项，或改用 sobol，它能使任意多的点分布均匀
constraint-unknown-name = `{ $constraint }` 中的 `{ $name }` 不是此设计的参数
constraint-cannot = 在 { $point } 处无法计算 `{ $constraint }`：{ $why }
few-trajectories = 约束下 { $trajectories } 条轨迹中只有 { $distinct } 条互不相同，而基本效应至少需要 { $fewest } 条：请增加水平数，将分布收窄至满足约束的区域，或放宽约束
too-narrow = 在 { $tried } 个{ $what }中只有 { $accepted } 个满足约束（{ $share }）：请将分布收窄至满足约束的区域，放宽约束，或减少所要的数目
one-in = 约每 { $n } 个中有 1 个
none-of-them = 一个也没有
points-of-grid = 网格点
design-row = 第 { $row } 行：{ $why }
list-values = 有 { $needs } 个参数，却有 { $n } 个值
does-not-hold = 不满足 `{ $constraint }`：{ $values }
same-trajectories = { $trajectories } 条轨迹中只有 { $distinct } 条互不相同，基本效应仅由这些轨迹得出：增加水平数可得到更多不同的轨迹
pool-of-draws = 仅当设计的各点为参数的抽样时，重复才可取自公共的重复池
pool-replicates = 每点的重复过少，难以区分该点的随机性与各点共有的随机性
pool-or-own = 重复或取自重复池，或为各点自有，二者只能取一
pool-first = 取自重复池的重复自有编号
pool-points = 点数过少，不足以使用重复池：每个重复至少须用于 4 个点
set-of-draws = 不是数值、文本或 true / false：对参数抽样时不能设定
varied-and-set = 既被变动又在 { $layout } 中设定
varied-or-set = 二者只留其一
drawn-and-set = 既被抽样，又在 { $layout } 中设定：二者之一将不起作用
drawn-or-set = 从方案中删去该参数，或不再设定
power-of-two = { $design } 设计的点数为 2 的幂时最为均衡：宜用 { $below } 或 { $above }，而非 { $n }
sobol-dependent = Sobol 指数以参数相互独立为前提；加上约束后参数不再独立，各指数未必可以相加

## world/memory: 运行所需的内存

memory-needed = 此情景约需内存 { $needed }，而可用 { $available }：{ $what }
memory-of-run = { $links } 条联系与各地方需 { $world }，构建期间另需 { $building }，每次重复需 { $each }（约 { $innovations } 项创新；同时运行 { $replicates }），其中 { $rows } 用于数据表的行，程序本身需 { $program }；请减少线程、--tables、地方或任务，取更大的 --every 或更小的 k{ $firms }
memory-of-firms = ；其中{ $words }
memory-firms = { $firms } 家企业及其 { $links } 条联系需 { $world }，生成期间另需 { $making }，每次重复需 { $each }（同时运行 { $replicates }）
memory-of-sample = `sample` 表的行需 { $sample }（同时运行 { $replicates }），其余共需 { $rest }；请取较小的 `firms.sample`（其 { $fit } % 可容纳）{ $threads }
memory-too-many-firms = { $words }，其余共需 { $rest }；请减少企业（约可容纳 { $fit } 家）、伙伴（`firms.partners`）、领域{ $threads }
or-fewer-threads = ，或减少线程
fewer-threads = 或线程
replicates-counted =
    { $n ->
       *[other] { $n } 次重复
    }

## world/links.rs

links-most = 联系超过 { $most } 条：请减小 k 或缩短联系表
links-memory = 内存容不下 { $links } 条以上的联系：请减小 k 或缩短联系表
replicate-memory = 内存容不下一次重复中地方与创新的配对（{ $bytes }）：请减少线程、地方或任务

## experiment/run.rs

no-table = 没有这个名称的数据表
no-firms-no-table = 此情景没有企业（`[firms]`），因此没有这个数据表
tables-or-all = { $known }，或 all

## experiment/runner.rs, experiment/session.rs

program-failed = 程序出错：{ $why }
it-does-not-say = 没有说明原因
pilot-says-nothing = 首阶段无法说明 { $outcome }：在其 { $pilot } 次重复中，布局 { $layout } 与基准都有值的只有 { $pairs } 次，而至少要有两次；请取更大的 --min-replicates，或改用有值的结果或月份

## experiment/sweep: 无法运行的点

points-will-fail = 前 { $checked } 个点中有 { $failing } 个无法运行，其运行将记为失败；可加约束将其排除。第一个为 { $settings }：{ $words }
scenario-changed = 扫描开始之后，情景的文件有改动

## sensitivity: 不相配的列

shape-length = { $what }有 { $found } 个值，应为 { $expected } 个
shape-step = 轨迹 { $trajectory } 的步 { $step }（自 0 起）没有改变一个未曾改变的参数
shape-column = 列 { $i }
shape-ab = 参数 { $i } 的 AB
shape-list-of-ba = BA 的列表
shape-ba = 参数 { $i } 的 BA
shape-outcome = 结果
shape-points = 点的表

## cluster/ask.rs, cluster/words.rs, cli/arguments.rs: 参数写法有误

span-form = 时间写作 2h、90m、1d12h、02:00:00 或 1-12:00:00
span-range = 一分钟至十年
memory-form = 内存写作 4G 或 500M，介于 1M 与 64T 之间
account-name = 只能用拉丁字母、数字与 _ - . , : @ +，且不以 - 开头
shard-number = 分片的编号在此为 0 至 { $last }
shard-form = 应为 I/N，例如 0/16 为 16 个分片中的第一个
duration-form = 不是时间：写作 90s、30m、2h、1d 或 01:30:00

## scenario/conform.rs: 必需的键是什么（与声明处的英文说明一一对应）

key-format = 文件格式的版本；目前为 1
key-name = 短名称，结果文件夹以此命名：字母、数字、`-` 与 `_`
key-start = 模拟的首月
key-end = 模拟的末月（含）
key-places = 各地方的来源
key-domains = 创新所属的领域，依报告次序
key-layers = 地方之间联系的各层
key-files = 情景旁的 CSV 文件，依次读取
key-id-of-tables = 地方表中所用的代码
key-id-of-columns = 固定的代码，列名由此构成：小写字母、数字、`_`
key-affinity = 该领域在各层上传播的份额，其和为 1
key-links = 此层联系的来源：各来源先行标准化，按 `share` 加权相加，其和再行标准化
key-rule = 生成联系所用的规则
key-id-of-industry = 固定的代码；地方表若有列 `industry_<id>`，则为该产业在各地区相对于全国的权重
key-layout = 布局的短名称
key-id = 固定的代码
key-id-of-merged = 新联盟的代码
key-of = 它所取代的已参与的联盟；未在此给出时，强度、指数与层取自第一个，开始取最早者，结束取最晚者
key-sweep = 短名称，扫描的文件夹以此命名：字母、数字、`-` 与 `_`
key-scenario = 情景：含 scenario.toml 的文件夹，或一个 TOML 文件；路径自计划所在的文件夹起
key-design = 设计
key-measures = 指标：`national` 表的列
key-kind = 设计的类型
